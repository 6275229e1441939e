import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type ChannelQueue, type QueuedMessage, queue } from '../api/channels';
import { messages } from '../api/endpoints';
import settings from '../settings/SettingsPage.module.css';
import { exact, number, toTheSecond } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Problem } from '../shared/ui/Form';
import { toast } from '../shared/ui/Toast';
import styles from './Channels.module.css';
import { channelKeys } from './queries';

/** Where Meta verifies a business. */
const VERIFY = 'https://business.facebook.com/settings/security';

/** What waits to leave by a number, since when, why, and when it is tried next. Looked at anew every few seconds. */
export function Queue({ id }: { id: string }) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: channelKeys.queue(id),
    queryFn: ({ signal }) => queue.get(id, signal),
    refetchInterval: 5_000,
  });
  return (
    <section className={settings.section} aria-labelledby="queue">
      <div className={settings.head}>
        <div>
          <h2 id="queue">{t('channels.queue.title')}</h2>
          <p>{t('channels.queue.lead')}</p>
        </div>
      </div>
      {found.error && <Problem>{errorText(t, found.error)}</Problem>}
      {found.data && <Waiting found={found.data} id={id} />}
    </section>
  );
}

function Waiting({ found, id }: { found: ChannelQueue; id: string }) {
  const { t } = useTranslation();
  const { items, total, due, sending, bulk, oldestAt, limits } = found;
  return (
    <>
      <dl className={styles.facts} data-testid="queue-facts">
        {(
          [
            ['total', number(total)],
            ['due', number(due)],
            ['sending', number(sending)],
            ['bulk', number(bulk)],
            ['oldest', oldestAt && exact(oldestAt)],
            ['perSecond', t('channels.queue.perSecond', { count: limits.perSecond })],
            [
              'customers',
              limits.customers === null
                ? t('channels.queue.noLimit')
                : t('channels.queue.reached', {
                    reached: number(limits.reached),
                    limit: number(limits.customers),
                  }),
            ],
          ] as const
        ).map(
          ([key, value]) =>
            value && (
              <div key={key}>
                <dt>{t(`channels.queue.fact.${key}`)}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {limits.isUnverified && (
        <p className={settings.lead} data-testid="queue-unverified">
          {t('channels.queue.unverified', { count: limits.customers ?? 0 })}{' '}
          <a href={VERIFY} target="_blank" rel="noreferrer">
            {t('channels.queue.verify')}
          </a>
        </p>
      )}
      {items.length === 0 ? (
        <p className={settings.lead} data-testid="queue-empty">
          {t('channels.queue.empty')}
        </p>
      ) : (
        <ul className={settings.rows}>
          {items.map((message) => (
            <Row key={message.id} message={message} channelId={id} />
          ))}
        </ul>
      )}
      {total > items.length && (
        <p className={settings.lead}>{t('channels.queue.more', { count: total - items.length })}</p>
      )}
    </>
  );
}

function Row({ message, channelId }: { message: QueuedMessage; channelId: string }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { id, threadId, contactName, waId, type, templateName, agentName, state, reason, since, nextAt } =
    message;
  const cancel = useMutation({
    mutationFn: () => messages.cancel(threadId, id),
    onSuccess: () => toast(t('channels.queue.cancelled')),
    onError: (error) => toast(errorText(t, error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: channelKeys.queue(channelId) }),
  });
  const why =
    reason &&
    t(`channels.queue.reason.${reason}`, { defaultValue: t('channels.queue.reason.other', { reason }) });
  return (
    <li className={settings.row} data-testid="queue-row" data-state={state}>
      <div className={settings.who}>
        <div>
          <b>
            <Link to="/inbox/$view/$threadId" params={{ view: 'open', threadId }}>
              {contactName ?? (waId ? `+${waId}` : t('channels.queue.somebody'))}
            </Link>
          </b>
          <span>
            {templateName ?? t(`message.types.${type}`, { defaultValue: type })}
            {agentName && ` · ${agentName}`}
          </span>
        </div>
      </div>
      <span
        className={
          state === 'waiting' || state === 'sending' ? settings.badge : `${settings.badge} ${settings.warn}`
        }
      >
        {t(`channels.queue.state.${state}`)}
      </span>
      <span className={settings.meta}>
        {why}
        {why && ' '}
        {state === 'scheduled'
          ? t('channels.queue.leaves', { time: toTheSecond(since) })
          : t('channels.queue.since', { time: toTheSecond(since) })}
        {nextAt && state !== 'scheduled' && ` ${t('channels.queue.next', { time: toTheSecond(nextAt) })}`}
      </span>
      {state !== 'sending' && (
        <Button disabled={cancel.isPending} onClick={() => cancel.mutate()} data-testid="queue-cancel">
          {t('channels.queue.cancel')}
        </Button>
      )}
    </li>
  );
}
