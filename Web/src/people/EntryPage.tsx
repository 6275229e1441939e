import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage, languages, setLanguage } from '../i18n';
import { Choice } from '../shared/ui/Choice';
import { Icon } from '../shared/ui/Icon';
import { Logo } from '../shared/ui/Logo';
import styles from './SignInPage.module.css';

/** The frame of every page before sign-in: the form, the language, and a quiet picture beside it. */
export function EntryPage({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t, i18n } = useTranslation();
  return (
    <main className={styles.page}>
      <div className={styles.form}>
        <Logo className={styles.logo} />
        <h1>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
        {children}
        <div className={styles.languages}>
          <Icon name="globe" />
          <Choice
            label={t('signIn.language')}
            value={i18n.language ? currentLanguage() : null}
            options={languages.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
            onChange={setLanguage}
            testId="language-switch"
          />
        </div>
      </div>
      <div className={styles.side} aria-hidden="true">
        <span className={styles.bubble}>
          <i />
          <i />
        </span>
        <span className={`${styles.bubble} ${styles.reply}`}>
          <i />
          <i />
          <i />
          <Icon name="check" size={16} />
        </span>
        <span className={styles.bubble}>
          <i />
        </span>
      </div>
    </main>
  );
}

/** What went wrong, or (calm) what there is to know. */
export function Notice({ text, calm }: { text: string; calm?: boolean }) {
  return (
    <p className={calm ? `${styles.notice} ${styles.calm}` : styles.notice} role={calm ? 'status' : 'alert'}>
      <Icon name="alert" />
      {text}
    </p>
  );
}
