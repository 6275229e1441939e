import { useTranslation } from 'react-i18next';
import type { Operations } from '../api/types';
import { BackLink, PageFrame, PageHead } from '../app/PageFrame';
import { useMe } from '../people/queries';
import { duration, measured, number, toTheSecond } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { ApiHostTable, SiloTable } from './HostTables';
import { type Level, summarise } from './health';
import { LeftoverList } from './LeftoverList';
import styles from './OperationsPage.module.css';
import { useOperations } from './queries';

/** For whoever looks after the servers: admins only, as the Api sees to. */
export function OperationsPage() {
  const { t } = useTranslation();
  const { agent } = useMe();
  return (
    <PageFrame place="operations" title={t('ops.title')} testId="operations" className={styles.figures}>
      {agent.role === 'admin' ? (
        <Figures />
      ) : (
        <EmptyState icon="lock" title={t('ops.notAllowedTitle')} text={t('errors.not_allowed')}>
          <BackLink />
        </EmptyState>
      )}
    </PageFrame>
  );
}

function Figures() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch, dataUpdatedAt } = useOperations();
  const time = toTheSecond(data?.at ?? dataUpdatedAt);
  return (
    <>
      <PageHead title={t('ops.title')} lead={t('ops.lead')}>
        <div className={styles.aside}>
          {data && (
            <span className={error ? styles.stale : styles.time} role="status" data-testid="operations-time">
              {t(error ? 'ops.stale' : 'ops.refreshed', { time })}
            </span>
          )}
          <a href="/dashboard/" target="_blank" rel="noreferrer">
            {t('ops.dashboard')}
          </a>
        </div>
      </PageHead>
      {isPending && <Skeleton label={t('ops.loading')} />}
      {error && !data && (
        <ErrorState title={t('ops.failedTitle')} text={errorText(t, error)} onRetry={() => void refetch()} />
      )}
      {data && (
        <>
          <Tiles operations={data} />
          <section aria-labelledby="silos">
            <h2 id="silos">{t('ops.silos')}</h2>
            {data.silos.length === 0 ? (
              <EmptyState icon="pulse" title={t('ops.silosNone')} text={t('ops.silosNoneText')} />
            ) : (
              <SiloTable silos={data.silos} now={Date.parse(data.at)} />
            )}
          </section>
          <section aria-labelledby="api-hosts">
            <h2 id="api-hosts">{t('ops.apiHosts')}</h2>
            <ApiHostTable hosts={data.apiHosts} now={Date.parse(data.at)} />
          </section>
        </>
      )}
      <LeftoverList />
    </>
  );
}

function Tiles({ operations }: { operations: Operations }) {
  const { t } = useTranslation();
  const { webhooks, outbound, leftovers, alarms, feed } = summarise(operations);
  const { backlog } = operations;
  return (
    <ul className={styles.tiles}>
      <Tile
        id="webhooks"
        title={t('ops.webhooks')}
        value={measured(webhooks.perSecond)}
        level={webhooks.level}
        note={
          webhooks.tryAgain > 0
            ? t('ops.webhooksBad', { value: measured(webhooks.tryAgain) })
            : webhooks.refused > 0
              ? t('ops.refused', { value: measured(webhooks.refused) })
              : t('ops.webhooksFine')
        }
      />
      <Tile
        id="outbound"
        title={t('ops.outbound')}
        value={number(backlog.outbound)}
        level={outbound.level}
        note={
          backlog.outboundOldestSeconds > 0
            ? t('ops.outboundOldest', { age: duration(backlog.outboundOldestSeconds) })
            : t('ops.outboundNone')
        }
      />
      <Tile
        id="leftovers"
        title={t('ops.leftovers')}
        value={number(backlog.leftovers)}
        level={leftovers.level}
        note={
          backlog.unclaimedLeftovers > 0
            ? t('ops.leftoversUnclaimed', { value: number(backlog.unclaimedLeftovers) })
            : t(backlog.leftovers > 0 ? 'ops.leftoversSome' : 'ops.leftoversNone')
        }
      />
      <Tile
        id="alarms"
        title={t('ops.alarms')}
        value={number(backlog.overdueAlarms)}
        level={alarms.level}
        note={
          backlog.overdueAlarms > 0
            ? t('ops.alarmsLag', { age: duration(backlog.alarmLagSeconds) })
            : t('ops.alarmsNone')
        }
      />
      <Tile
        id="feed"
        title={t('ops.feed')}
        value={number(feed.browsers)}
        level={feed.level}
        note={
          feed.level === 'fine'
            ? t('ops.feedFine', { value: measured(feed.hints) })
            : t('ops.feedMissed', { value: measured(feed.resyncs) })
        }
      />
    </ul>
  );
}

function Tile(props: { id: string; title: string; value: string; note: string; level: Level }) {
  return (
    <li
      className={`${styles.tile} ${styles[props.level]}`}
      data-testid={`ops-${props.id}`}
      data-level={props.level}
    >
      <span className={styles.tileTitle}>{props.title}</span>
      <b>{props.value}</b>
      <span className={styles.note}>
        {props.level !== 'fine' && <Icon name="alert" size={14} />}
        {props.note}
      </span>
    </li>
  );
}

function Skeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label}>
      <div className={styles.tiles}>
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <div key={key} className={styles.tile}>
            <Bone width="60%" />
            <Bone width="40%" height={24} />
            <Bone width="80%" />
          </div>
        ))}
      </div>
    </div>
  );
}
