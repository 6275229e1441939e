import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { own } from '../api/people';
import { PasswordField } from '../people/PasswordField';
import { peopleKeys } from '../people/queries';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field } from '../shared/ui/Field';
import styles from './SettingsPage.module.css';

type Task = 'begin' | 'renew' | 'disable';

/** The authenticator app: whether one is in use, setting it up, recovery codes, giving it up. */
export function SecondFactorSection() {
  const { t } = useTranslation();
  const factor = useQuery({ queryKey: ['second-factor'], queryFn: ({ signal }) => own.secondFactor(signal) });
  const [task, setTask] = useState<Task | null>(null);
  return (
    <section className={styles.section} aria-labelledby="factor-title">
      <div className={styles.head}>
        <div>
          <h2 id="factor-title">{t('settings.factor.title')}</h2>
          <p>{t('settings.factor.lead')}</p>
        </div>
        {factor.data && (
          <span className={`${styles.badge} ${factor.data.enabled ? styles.good : styles.warn}`}>
            {t(factor.data.enabled ? 'settings.factor.on' : 'settings.factor.off')}
          </span>
        )}
      </div>
      {factor.data && (
        <div className={styles.actions}>
          {factor.data.enabled ? (
            <>
              <span className={styles.meta}>
                {t('settings.factor.codesLeft', { count: factor.data.recoveryCodesLeft })}
              </span>
              <Button onClick={() => setTask('renew')}>{t('settings.factor.renew')}</Button>
              {!factor.data.required && (
                <Button className={styles.danger} onClick={() => setTask('disable')}>
                  {t('settings.factor.disable')}
                </Button>
              )}
            </>
          ) : (
            <Button look="primary" onClick={() => setTask('begin')} data-testid="factor-begin">
              {t('settings.factor.setUp')}
            </Button>
          )}
        </div>
      )}
      {task && <FactorDialog task={task} onClose={() => setTask(null)} />}
    </section>
  );
}

/** First the password; then what the task needs: the QR code and a first code, or nothing; last the recovery codes. */
function FactorDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [password, setPassword] = useState('');
  const [secret, setSecret] = useState<{ secret: string; uri: string } | null>(null);
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<string[] | null>(null);

  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: ['second-factor'] });
    void queryClient.invalidateQueries({ queryKey: peopleKeys.me });
  };
  const start = useMutation({
    mutationFn: async () => {
      if (task === 'begin') setSecret(await own.beginSecondFactor(password));
      else if (task === 'renew') setCodes(await own.renewRecoveryCodes(password));
      else {
        await own.disableSecondFactor(password);
        onClose();
      }
      refresh();
    },
  });
  const confirm = useMutation({
    mutationFn: async () => {
      setCodes(await own.confirmSecondFactor(code));
      refresh();
    },
  });
  const problem = secret ? confirm.error : start.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (secret) confirm.mutate();
    else start.mutate();
  };

  return (
    <Dialog title={t(`settings.factor.${task}Title`)} onClose={onClose}>
      {codes ? (
        <div className={`${styles.form} ${styles.padded}`}>
          <p>{t('settings.factor.codesLead')}</p>
          <ul className={styles.codes} data-testid="recovery-codes">
            {codes.map((one) => (
              <li key={one}>
                <code>{one}</code>
              </li>
            ))}
          </ul>
          <div className={styles.actions}>
            <Button onClick={() => void navigator.clipboard?.writeText(codes.join('\n'))}>
              {t('settings.copy')}
            </Button>
            <Button look="primary" onClick={onClose} data-testid="factor-done">
              {t('settings.factor.kept')}
            </Button>
          </div>
        </div>
      ) : (
        <form className={`${styles.form} ${styles.padded}`} onSubmit={submit}>
          {secret ? (
            <>
              <p>{t('settings.factor.scan')}</p>
              <QrCode text={secret.uri} label={t('settings.factor.qr')} />
              <Field
                label={t('settings.factor.secret')}
                readOnly
                value={secret.secret}
                data-testid="factor-secret"
              />
              <Field
                label={t('settings.factor.code')}
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                data-testid="factor-code"
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
            </>
          ) : (
            <PasswordField
              label={t('password.current')}
              autoComplete="current-password"
              required
              data-autofocus
              data-testid="factor-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
          {problem && (
            <p className={styles.notice} role="alert">
              {errorText(t, problem)}
            </p>
          )}
          <div className={styles.actions}>
            <Button
              look="primary"
              type="submit"
              disabled={start.isPending || confirm.isPending}
              data-testid="factor-next"
            >
              {t('settings.factor.next')}
            </Button>
            <Button onClick={onClose}>{t('settings.cancel')}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** Black on white in every theme: cameras want it so. */
function QrCode({ text, label }: { text: string; label: string }) {
  const [path, setPath] = useState<{ d: string; size: number } | null>(null);
  useEffect(() => {
    let closed = false;
    // Needed once in a life with the product: it is not in the first load.
    void import('uqr').then(({ encode }) => {
      const { data, size } = encode(text, { border: 2 });
      const d = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
      if (!closed) setPath({ d, size });
    });
    return () => {
      closed = true;
    };
  }, [text]);
  return (
    <svg
      className={styles.qr}
      viewBox={`0 0 ${path?.size ?? 1} ${path?.size ?? 1}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      {path && <path d={path.d} fill="#000" />}
    </svg>
  );
}
