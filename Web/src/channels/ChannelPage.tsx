import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccountWarning, type ChannelDetails, connections } from '../api/channels';
import settings from '../settings/SettingsPage.module.css';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { Bone, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { ChannelCheck } from './ChannelCheck';
import { ChannelState } from './ChannelState';
import styles from './Channels.module.css';
import { ConnectButton } from './ConnectButton';
import { ConnectLink } from './ConnectLink';
import { History } from './History';
import { ProfileForm } from './ProfileForm';
import { Queue } from './Queue';
import { channelKeys, refreshChannels, useChannelDetails } from './queries';

/** One number: what Meta says of it, what customers see of it, and whether everything on the way works. */
export function ChannelPage() {
  const { t } = useTranslation();
  const { channelId } = useParams({ from: '/signed-in/settings/channels/$channelId' });
  const channel = useChannelDetails(channelId);
  return (
    <>
      <Link to="/settings/channels">{t('channels.title')}</Link>
      {channel.isPending && <Bone width="60%" height={120} />}
      {channel.error && !channel.data && (
        <ErrorState
          title={t('channels.failed')}
          text={errorText(t, channel.error)}
          onRetry={() => void channel.refetch()}
        />
      )}
      {channel.data && <Channel key={channel.data.id} channel={channel.data} />}
    </>
  );
}

function Channel({ channel }: { channel: ChannelDetails }) {
  const { t } = useTranslation();
  const { id, name, displayPhoneNumber, state, attention, profile, health } = channel;
  return (
    <>
      <header className={settings.head}>
        <div>
          <div className={styles.name}>
            <h1>{name}</h1>
            <ChannelState state={state} attention={attention} />
          </div>
          <p>{displayPhoneNumber}</p>
        </div>
        <Ending channel={channel} />
      </header>
      {attention && state === 'connected' && (
        <section className={styles.step} data-testid="channel-attention">
          <Problem>
            {t(`channels.attention.${attention}`, {
              defaultValue: t('channels.attention.other', { code: attention }),
            })}
          </Problem>
          <div>
            <ConnectLink />
          </div>
        </section>
      )}
      {channel.warnings.length > 0 && <Warnings warnings={channel.warnings} />}
      {state !== 'connected' && (
        <section className={styles.step}>
          <p>{t(state === 'ready' ? 'channels.readyHint' : 'channels.disconnectedHint')}</p>
          <ConnectButton id={id} />
        </section>
      )}
      <Facts channel={channel} />
      {state !== 'ready' && <Queue id={id} />}
      <Rename channel={channel} />
      <ChannelCheck id={id} />
      {health.isOnPhoneApp && state === 'connected' && <History id={id} />}
      {profile && <ProfileForm key={JSON.stringify(profile)} id={id} profile={profile} />}
      <Events id={id} />
    </>
  );
}

/** What Meta holds against the account: whoever looks after the number has to act on it, at Meta. */
function Warnings({ warnings }: { warnings: AccountWarning[] }) {
  const { t } = useTranslation();
  return (
    <section className={styles.step} aria-labelledby="warnings" data-testid="channel-warnings">
      <h2 id="warnings">{t('channels.warnings')}</h2>
      {warnings.map(({ kind, what, at, until }) => (
        <Problem key={`${kind} ${what} ${at}`}>
          {t(`channels.warning.${kind}`)}{' '}
          {what && <b>{t(`channels.warningOf.${what}`, { defaultValue: what })}</b>}{' '}
          {until
            ? t('channels.warningUntil', { time: exact(until) })
            : t('channels.warningAt', { time: exact(at) })}
        </Problem>
      ))}
      <p>{t('channels.warningsHint')}</p>
    </section>
  );
}

function Facts({ channel }: { channel: ChannelDetails }) {
  const { t } = useTranslation();
  const { health } = channel;
  /** Meta's words are an open set: a word that nobody translated is shown as it is. */
  const word = (kind: string, value: string | null) =>
    value && t(`channels.${kind}.${value}`, { defaultValue: value });
  const facts = [
    ['displayName', health.verifiedName],
    ['nameReview', word('review', health.nameStatus)],
    ['quality', word('qualityOf', health.quality)],
    ['limit', word('tier', health.messagingLimit)],
    ['throughput', word('level', health.throughput)],
    ['verification', word('verified', health.verification)],
    ['metaState', word('status', health.status)],
    ['phoneApp', health.isOnPhoneApp ? t('channels.both') : null],
    ['since', channel.firstConnectedAt && exact(channel.firstConnectedAt)],
    [
      'until',
      channel.state === 'disconnected' && channel.disconnectedAt ? exact(channel.disconnectedAt) : null,
    ],
    ['lastInbound', channel.lastInboundAt ? exact(channel.lastInboundAt) : t('channels.never')],
    [
      'lag',
      channel.lastLagSeconds !== null
        ? t('channels.seconds', { count: Math.round(channel.lastLagSeconds) })
        : null,
    ],
    [
      'signatures',
      channel.lastSignatureFailureAt
        ? t('channels.signatureFailures', {
            count: channel.signatureFailures,
            time: exact(channel.lastSignatureFailureAt),
          })
        : t('channels.noSignatureFailures'),
    ],
    ['queued', String(channel.queued)],
    ['leftovers', String(channel.leftovers)],
    ['app', t(channel.hasOwnApp ? 'channels.ownApp' : 'channels.sharedApp')],
    ['phoneNumberId', channel.phoneNumberId],
    ['wabaId', channel.wabaId],
  ] as const;
  return (
    <section className={settings.section} aria-labelledby="facts">
      <h2 id="facts">{t('channels.facts')}</h2>
      {health.problem && (
        <Problem>
          {t(`errors.${health.problem}`, {
            detail: health.problemDetail ?? '',
            defaultValue: t('errors.meta_refused', { detail: health.problemDetail ?? '' }),
          })}
        </Problem>
      )}
      <dl className={styles.facts} data-testid="channel-facts">
        {facts.map(
          ([key, value]) =>
            value && (
              <div key={key}>
                <dt>{t(`channels.fact.${key}`)}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

function Rename({ channel }: { channel: ChannelDetails }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [name, setName] = useState(channel.name);
  const rename = useMutation({
    mutationFn: () => connections.rename(channel.id, name),
    onSuccess: () => {
      toast(t('settings.saved'));
      return refreshChannels(queryClient);
    },
  });
  return (
    <form
      className={settings.form}
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate();
      }}
    >
      <Field
        label={t('channels.name')}
        hint={t('channels.nameHint')}
        problem={rename.error && errorText(t, rename.error)}
        value={name}
        maxLength={60}
        required
        data-testid="channel-name"
        onChange={(event) => setName(event.target.value)}
      />
      <div>
        <Button type="submit" disabled={rename.isPending || name.trim() === channel.name}>
          {t('settings.save')}
        </Button>
      </div>
    </form>
  );
}

/** Taking a number away asks first: customers' messages stop coming. */
function Ending({ channel }: { channel: ChannelDetails }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const { id, name, state } = channel;
  const end = useMutation({
    mutationFn: () => (state === 'ready' ? connections.remove(id) : connections.disconnect(id)),
    onSuccess: async () => {
      setAsked(false);
      toast(t(state === 'ready' ? 'channels.removed' : 'channels.disconnected'));
      if (state === 'ready') await navigate({ to: '/settings/channels' });
      await refreshChannels(queryClient);
    },
  });
  if (state === 'disconnected') return null;
  const act = state === 'ready' ? 'channels.remove' : 'channels.disconnect';
  return (
    <>
      <Button onClick={() => setAsked(true)} data-testid="channel-end">
        {t(act)}
      </Button>
      {asked && (
        <Dialog title={t(`${act}Title`, { name })} lead={t(`${act}Text`)} onClose={() => setAsked(false)}>
          {end.error && <Problem>{errorText(t, end.error)}</Problem>}
          <FormFoot>
            <Button onClick={() => setAsked(false)}>{t('settings.cancel')}</Button>
            <Button
              look="primary"
              disabled={end.isPending}
              onClick={() => end.mutate()}
              data-testid="channel-end-sure"
            >
              {t(act)}
            </Button>
          </FormFoot>
        </Dialog>
      )}
    </>
  );
}

/** What its webhooks told and no thread shows. */
function Events({ id }: { id: string }) {
  const { t } = useTranslation();
  const events = useInfiniteQuery({
    queryKey: channelKeys.events(id),
    queryFn: ({ pageParam, signal }) => connections.events(id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const rows = events.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className={settings.section} aria-labelledby="events">
      <div className={settings.head}>
        <div>
          <h2 id="events">{t('channels.events')}</h2>
          <p>{t('channels.eventsHint')}</p>
        </div>
      </div>
      {events.error && <Problem>{errorText(t, events.error)}</Problem>}
      {events.data && rows.length === 0 && <p className={settings.lead}>{t('channels.noEvents')}</p>}
      {rows.length > 0 && (
        <ul className={settings.rows}>
          {rows.map(({ kind, at, receivedAt, detail }) => (
            <li key={`${receivedAt} ${at} ${kind}`} className={settings.row} data-testid="channel-event">
              <span className={settings.who}>{t(`channels.event.${kind}`, { defaultValue: kind })}</span>
              <span className={settings.meta}>{exact(at)}</span>
              {detail && (
                <details className={styles.raw}>
                  <summary>{t('channels.rawEvent')}</summary>
                  <pre>{pretty(detail)}</pre>
                </details>
              )}
            </li>
          ))}
        </ul>
      )}
      {events.hasNextPage && (
        <div>
          <Button disabled={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            {t('channels.moreEvents')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Meta's JSON, for people. */
function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}
