import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { people } from '../api/endpoints';
import { ProblemError } from '../api/problem';
import type { Me } from '../api/types';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Notice } from './EntryPage';
import { PasswordField } from './PasswordField';
import styles from './SignInPage.module.css';

interface Props {
  /** Whose session has ended: the address is theirs and stays. */
  email?: string;
  onSignedIn: (me: Me) => void;
  children?: ReactNode;
}

/** Address and password, then the code of the authenticator app where there is one. */
export function SignInForm({ email: fixed, onSignedIn, children }: Props) {
  const { t } = useTranslation();
  const [email, setEmail] = useState(fixed ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [withCode, setWithCode] = useState(false);
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
      onSignedIn(await people.signIn(email.trim(), password, withCode ? code : undefined));
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'second_factor_needed') setWithCode(true);
      else setProblem(errorText(t, error));
      setCode('');
      setWorking(false);
    }
  }

  return (
    <form className={styles.fields} onSubmit={submit} noValidate>
      {problem && <Notice text={problem} />}
      {!withCode && (
        <>
          <label className={styles.field}>
            {t('signIn.email')}
            <span className={styles.control}>
              <input
                name="email"
                type="email"
                autoComplete="username"
                data-testid="sign-in-email"
                value={email}
                readOnly={fixed !== undefined}
                aria-invalid={missing === 'email'}
                onChange={(event) => setEmail(event.target.value)}
              />
            </span>
            {missing === 'email' && <span className={styles.hint}>{t('signIn.emailMissing')}</span>}
          </label>
          <PasswordField
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            data-testid="sign-in-password"
            data-autofocus={fixed !== undefined || undefined}
            value={password}
            problem={missing === 'password' ? t('signIn.passwordMissing') : null}
            onChange={(event) => setPassword(event.target.value)}
          />
        </>
      )}
      {withCode && (
        <label className={styles.field}>
          {t('signIn.code')}
          <span className={styles.control}>
            <input
              // biome-ignore lint/a11y/noAutofocus: the password was right, and this is all that is left to do.
              autoFocus
              name="code"
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              data-testid="sign-in-code"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          </span>
          <span className={styles.note}>{t('signIn.codeHint')}</span>
        </label>
      )}
      <Button
        look="primary"
        type="submit"
        className={styles.submit}
        aria-disabled={working}
        data-testid="sign-in-submit"
      >
        {t(working ? 'signIn.working' : 'signIn.submit')}
      </Button>
      {children}
    </form>
  );
}
