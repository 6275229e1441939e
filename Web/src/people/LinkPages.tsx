import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useRouter } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { entry, type OpenedInvitation, type OpenedPasswordLink } from '../api/people';
import { currentLanguage, setLanguage } from '../i18n';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { Bone } from '../shared/ui/States';
import { EntryPage, Notice } from './EntryPage';
import { PasswordField } from './PasswordField';
import { peopleKeys } from './queries';
import styles from './SignInPage.module.css';

/** What stands behind # is sent to nobody but our own Api, in a body. */
function useLink<T extends { language: string }>(open: (token: string) => Promise<T>) {
  const { t } = useTranslation();
  const [token] = useState(() => window.location.hash.slice(1));
  const [opened, setOpened] = useState<T | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link is opened once; the language that it brings changes `t`.
  useEffect(() => {
    open(token).then(
      (found) => {
        if (found.language === 'en' || found.language === 'ja') void setLanguage(found.language);
        setOpened(found);
      },
      (error) => setProblem(errorText(t, error)),
    );
  }, []);
  return { token, opened, problem, setProblem };
}

/** Joining by an invitation: name, language (below the form) and password. */
export function InvitationPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const queryClient = useQueryClient();
  const link = useLink<OpenedInvitation>(entry.openInvitation);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [working, setWorking] = useState(false);

  const join = async (event: FormEvent) => {
    event.preventDefault();
    setWorking(true);
    link.setProblem(null);
    try {
      const me = await entry.acceptInvitation({
        token: link.token,
        name,
        language: currentLanguage(),
        password,
      });
      queryClient.clear();
      queryClient.setQueryData(peopleKeys.me, me);
      router.history.push('/');
    } catch (error) {
      link.setProblem(errorText(t, error));
      setWorking(false);
    }
  };

  return (
    <EntryPage
      title={
        link.opened ? t('invitation.title', { account: link.opened.account }) : t('invitation.titleWaiting')
      }
      lead={link.opened ? t('invitation.lead', { role: t(`settings.roles.${link.opened.role}`) }) : undefined}
    >
      {link.problem && <Notice text={link.problem} />}
      {!link.opened && !link.problem && <Bone width="60%" />}
      {link.opened ? (
        <form className={styles.fields} onSubmit={join}>
          <Field
            label={t('signIn.email')}
            type="email"
            value={link.opened.email}
            readOnly
            autoComplete="username"
          />
          <Field
            label={t('invitation.name')}
            required
            maxLength={100}
            autoComplete="name"
            data-testid="invitation-name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <PasswordField
            label={t('signIn.password')}
            hint={t('password.rule', { count: link.opened.minLength })}
            required
            autoComplete="new-password"
            data-testid="invitation-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button
            look="primary"
            type="submit"
            className={styles.submit}
            aria-disabled={working}
            data-testid="invitation-submit"
          >
            {t('invitation.submit')}
          </Button>
        </form>
      ) : (
        <Link to="/sign-in">{t('forgotten.back')}</Link>
      )}
    </EntryPage>
  );
}

/** Choosing a new password by a link. */
export function NewPasswordPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const link = useLink<OpenedPasswordLink>(entry.openPasswordLink);
  const [password, setPassword] = useState('');

  const save = async (event: FormEvent) => {
    event.preventDefault();
    link.setProblem(null);
    try {
      await entry.resetPassword(link.token, password);
      await navigate({ to: '/sign-in', search: { changed: true } });
    } catch (error) {
      link.setProblem(errorText(t, error));
    }
  };

  return (
    <EntryPage title={t('password.newTitle')}>
      {link.problem && <Notice text={link.problem} />}
      {!link.opened && !link.problem && <Bone width="60%" />}
      {link.opened ? (
        <form className={styles.fields} onSubmit={save}>
          <Field
            label={t('signIn.email')}
            type="email"
            value={link.opened.email}
            readOnly
            autoComplete="username"
          />
          <PasswordField
            label={t('password.new')}
            hint={t('password.rule', { count: link.opened.minLength })}
            required
            autoComplete="new-password"
            data-testid="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button look="primary" type="submit" className={styles.submit} data-testid="new-password-submit">
            {t('settings.save')}
          </Button>
        </form>
      ) : (
        <Link to="/forgotten">{t('forgotten.link')}</Link>
      )}
    </EntryPage>
  );
}
