import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Rail } from '../app/Rail';
import { type Theme, theme } from '../app/theme';
import { LiveProvider } from '../live/LiveProvider';
import { useStore } from '../shared/store';
import { Choice } from '../shared/ui/Choice';
import { Icon } from '../shared/ui/Icon';
import { useMedia } from '../shared/useMedia';
import styles from './DesignPage.module.css';
import { Buttons, Choices, Fields, Floating, People, States } from './Parts';
import { Colours, Motion, Spacing, Type } from './Tokens';

/** What the console is built of: every token, and every shared part in every state. */
export function DesignPage() {
  const { t } = useTranslation();
  const single = useMedia('(max-width: 799px)');
  const chosen = useStore(theme);
  useEffect(() => {
    document.title = `${t('design.title')} · ${t('app.name')}`;
  }, [t]);
  return (
    <LiveProvider>
      <div className={single ? styles.single : styles.shell}>
        {!single && <Rail place="design" />}
        <main className={styles.page} data-testid="design">
          <div className={styles.content}>
            {single && (
              <Link to="/inbox/$view" params={{ view: 'open' }} className={styles.back}>
                <Icon name="back" size={16} />
                {t('ops.back')}
              </Link>
            )}
            <header className={styles.head}>
              <div>
                <h1>{t('design.title')}</h1>
                <p>{t('design.lead')}</p>
              </div>
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
            </header>
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
          </div>
        </main>
      </div>
    </LiveProvider>
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
