import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { people } from '../api/endpoints';
import { currentLanguage, languages, setLanguage } from '../i18n';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Choice } from '../shared/ui/Choice';
import { Icon } from '../shared/ui/Icon';
import { Logo } from '../shared/ui/Logo';
import { peopleKeys } from './queries';
import { safeReturnTo } from './returnTo';
import styles from './SignInPage.module.css';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { t, i18n } = useTranslation();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { returnTo, expired } = route.useSearch();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState<'email' | 'password' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [working, setWorking] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (working) return;
    setProblem(null);
    const empty = email.trim() === '' ? 'email' : password === '' ? 'password' : null;
    setMissing(empty);
    if (empty) {
      event.currentTarget.querySelector<HTMLInputElement>(`[name=${empty}]`)?.focus();
      return;
    }
    setWorking(true);
    try {
      const me = await people.signIn(email.trim(), password);
      // Nothing of whoever used this browser before may be seen.
      queryClient.clear();
      queryClient.setQueryData(peopleKeys.me, me);
      if (me.agent) setLanguage(me.agent.language);
      router.history.push(safeReturnTo(returnTo) ?? '/');
    } catch (error) {
      setProblem(errorText(t, error));
      setWorking(false);
    }
  }

  return (
    <main className={styles.page}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Logo className={styles.logo} />
        <h1>{t('signIn.title')}</h1>
        <p className={styles.lead}>{t('signIn.lead')}</p>
        {expired && !problem && (
          <p className={`${styles.notice} ${styles.calm}`} role="status">
            <Icon name="alert" />
            {t('signIn.expired')}
          </p>
        )}
        {problem && (
          <p className={styles.notice} role="alert">
            <Icon name="alert" />
            {problem}
          </p>
        )}
        <label className={styles.field}>
          {t('signIn.email')}
          <span className={styles.control}>
            <input
              name="email"
              type="email"
              autoComplete="username"
              data-testid="sign-in-email"
              value={email}
              aria-invalid={missing === 'email'}
              onChange={(event) => setEmail(event.target.value)}
            />
          </span>
          {missing === 'email' && <span className={styles.hint}>{t('signIn.emailMissing')}</span>}
        </label>
        <div className={styles.field}>
          <label htmlFor="password">{t('signIn.password')}</label>
          <span className={styles.control}>
            <input
              id="password"
              name="password"
              type={shown ? 'text' : 'password'}
              autoComplete="current-password"
              data-testid="sign-in-password"
              value={password}
              aria-invalid={missing === 'password'}
              onChange={(event) => setPassword(event.target.value)}
            />
            <IconButton
              className={styles.reveal}
              icon={shown ? 'eyeOff' : 'eye'}
              label={t(shown ? 'signIn.hidePassword' : 'signIn.showPassword')}
              onClick={() => setShown(!shown)}
            />
          </span>
          {missing === 'password' && <span className={styles.hint}>{t('signIn.passwordMissing')}</span>}
        </div>
        <Button
          look="primary"
          type="submit"
          className={styles.submit}
          aria-disabled={working}
          data-testid="sign-in-submit"
        >
          {t(working ? 'signIn.working' : 'signIn.submit')}
        </Button>
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
      </form>
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
