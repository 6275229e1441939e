import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { push } from '../api/notices';
import { ownFingerprint, pushProblem, turnOff, turnOn } from '../notices/push';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Bone, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { deviceName } from './device';
import page from './SettingsPage.module.css';

const key = ['push'];

/** The browsers in which the agent is told while the console is closed. */
export function PushSection() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const state = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => ({ ...(await push.get(signal)), own: await ownFingerprint() }),
  });
  const problem = pushProblem();
  const settle = () => queryClient.invalidateQueries({ queryKey: key });
  const on = useMutation({
    mutationFn: async () => turnOn(state.data?.publicKey ?? ''),
    onSuccess: (taken) => toast(t(taken ? 'notifications.push.isOn' : 'notifications.push.denied')),
    // The browser's own words help nobody: its push service is out of reach, or it has none.
    onError: () => toast(t('notifications.push.failed')),
    onSettled: settle,
  });
  const remove = useMutation({
    mutationFn: async ({ id, isOwn }: { id: string; isOwn: boolean }) => {
      await push.remove(id);
      if (isOwn) await turnOff();
    },
    onError: (error) => toast(errorText(t, error)),
    onSettled: settle,
  });
  const browsers = state.data?.browsers ?? [];
  const isOn = browsers.some(({ fingerprint }) => fingerprint === state.data?.own);
  return (
    <section className={page.section} aria-labelledby="push">
      <h2 id="push">{t('notifications.push.title')}</h2>
      <p className={page.lead}>{t('notifications.push.lead')}</p>
      {problem && (
        <p className={page.notice} data-testid="push-problem">
          {t(`notifications.push.${problem}`)}
        </p>
      )}
      {state.isPending && <Bone width="50%" />}
      {state.error && (
        <ErrorState
          title={t('notifications.push.notLoaded')}
          text={errorText(t, state.error)}
          onRetry={() => void state.refetch()}
        />
      )}
      {browsers.length > 0 && (
        <ul className={page.rows}>
          {browsers.map(({ id, fingerprint, userAgent, createdAt }) => {
            const isOwn = fingerprint === state.data?.own;
            const name = deviceName(userAgent) ?? t('settings.sessions.unknown');
            return (
              <li key={id} className={page.row} data-testid="push-browser">
                <div className={page.who}>
                  <div>
                    <b>{name}</b>
                    <span>{t('notifications.push.since', { time: exact(createdAt) })}</span>
                  </div>
                </div>
                {isOwn && <span className={page.badge}>{t('settings.sessions.current')}</span>}
                <Button
                  aria-label={t('notifications.push.removeNamed', { name })}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate({ id, isOwn })}
                >
                  {t('notifications.push.remove')}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      {state.data && !problem && !isOn && (
        <div className={page.actions}>
          <Button disabled={on.isPending} data-testid="push-on" onClick={() => on.mutate()}>
            {t('notifications.push.turnOn')}
          </Button>
        </div>
      )}
    </section>
  );
}
