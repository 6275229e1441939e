import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageFrame, PageHead } from '../app/PageFrame';
import { type Theme, theme } from '../app/theme';
import { useStore } from '../shared/store';
import { Choice } from '../shared/ui/Choice';
import styles from './DesignPage.module.css';
import { Buttons, Choices, Fields, Floating, People, States } from './Parts';
import { Colours, Motion, Spacing, Type } from './Tokens';

/** What the console is built of: every token, and every shared part in every state. */
export function DesignPage() {
  const { t } = useTranslation();
  const chosen = useStore(theme);
  return (
    <PageFrame place="design" title={t('design.title')} testId="design" className={styles.page}>
      <PageHead title={t('design.title')} lead={t('design.lead')}>
        <Choice<Theme>
          label={t('design.theme')}
          value={chosen}
          options={[
            { value: 'system', label: t('prefs.themeSystem') },
            { value: 'light', label: t('prefs.themeLight') },
            { value: 'dark', label: t('prefs.themeDark') },
          ]}
          onChange={theme.set}
        />
      </PageHead>
      <Part title={t('design.colours')}>
        <Colours />
      </Part>
      <Part title={t('design.type')}>
        <Type />
      </Part>
      <Part title={t('design.spacing')}>
        <Spacing />
      </Part>
      <Part title={t('design.motion')}>
        <Motion />
      </Part>
      <Part title={t('design.buttons')}>
        <Buttons />
      </Part>
      <Part title={t('design.fields')}>
        <Fields />
      </Part>
      <Part title={t('design.choices')}>
        <Choices />
      </Part>
      <Part title={t('design.menus')}>
        <Floating />
      </Part>
      <Part title={t('design.states')}>
        <States />
      </Part>
      <Part title={t('design.people')}>
        <People />
      </Part>
    </PageFrame>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
