import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { own } from '../api/people';
import { PasswordField } from '../people/PasswordField';
import { peopleKeys, useMe, useUpdateMe } from '../people/queries';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { Icon } from '../shared/ui/Icon';
import { Bone } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { deviceName } from './device';
import { SecondFactorSection } from './SecondFactorSection';
import styles from './SettingsPage.module.css';

/** What concerns only oneself: name, password, second factor, and where one is signed in. */
export function SecurityPage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('settings.security.title')}</h1>
          <p>{me.agent.email}</p>
        </div>
      </header>
      {me.secondFactorMissing && (
        <p className={styles.notice} role="alert">
          <Icon name="shield" />
          {t('settings.factor.mustSetUp')}
        </p>
      )}
      {!me.secondFactorMissing && <NameSection />}
      <SecondFactorSection />
      <PasswordSection />
      <SessionsSection />
    </>
  );
}

function NameSection() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const update = useUpdateMe();
  const [name, setName] = useState(agent.name);
  return (
    <section className={styles.section}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ name }, { onSuccess: () => toast(t('settings.saved')) });
        }}
      >
        <Field
          label={t('settings.people.name')}
          hint={t('settings.security.nameHint')}
          value={name}
          required
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
        />
        <div className={styles.actions}>
          <Button type="submit" disabled={name === agent.name || update.isPending}>
            {t('settings.save')}
          </Button>
        </div>
      </form>
    </section>
  );
}

function PasswordSection() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => own.changePassword(current, next),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      toast(t('password.changed'));
      void queryClient.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <section className={styles.section} aria-labelledby="password-title">
      <h2 id="password-title">{t('signIn.password')}</h2>
      <form className={styles.form} onSubmit={save}>
        <PasswordField
          label={t('password.current')}
          autoComplete="current-password"
          required
          value={current}
          data-testid="password-current"
          onChange={(event) => setCurrent(event.target.value)}
        />
        <PasswordField
          label={t('password.new')}
          hint={t('password.rule', { count: 10 })}
          autoComplete="new-password"
          required
          value={next}
          data-testid="password-new"
          onChange={(event) => setNext(event.target.value)}
        />
        {change.error && (
          <p className={styles.notice} role="alert">
            {errorText(t, change.error)}
          </p>
        )}
        <div className={styles.actions}>
          <Button type="submit" disabled={change.isPending} data-testid="password-save">
            {t('password.change')}
          </Button>
        </div>
        <p className={styles.lead}>{t('password.changeHint')}</p>
      </form>
    </section>
  );
}

function SessionsSection() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => own.sessions(signal) });
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['sessions'] });
  const end = useMutation({ mutationFn: own.endSession, onSettled: refresh });
  const endOthers = useMutation({ mutationFn: own.endOtherSessions, onSettled: refresh });
  useEffect(() => {
    void queryClient.prefetchQuery({ queryKey: peopleKeys.me });
  }, [queryClient]);
  return (
    <section className={styles.section} aria-labelledby="sessions-title">
      <div className={styles.head}>
        <div>
          <h2 id="sessions-title">{t('settings.sessions.title')}</h2>
          <p>{t('settings.sessions.lead')}</p>
        </div>
        <Button
          disabled={!sessions.data || sessions.data.length < 2 || endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          {t('settings.sessions.endOthers')}
        </Button>
      </div>
      <ul className={styles.rows}>
        {!sessions.data && (
          <li className={styles.row}>
            <Bone width="50%" />
          </li>
        )}
        {sessions.data?.map((session) => (
          <li key={session.id} className={styles.row} data-testid="session">
            <div className={styles.who}>
              <div>
                <b>{deviceName(session.device) ?? t('settings.sessions.unknown')}</b>
                <span>
                  {t('settings.sessions.seen', {
                    address: session.address ?? '–',
                    time: exact(session.lastSeenAt),
                  })}
                </span>
              </div>
            </div>
            {session.current ? (
              <span className={`${styles.badge} ${styles.good}`}>{t('settings.sessions.current')}</span>
            ) : (
              <Button disabled={end.isPending} onClick={() => end.mutate(session.id)}>
                {t('settings.sessions.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
