import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Leftover } from '../api/types';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import styles from './LeftoverList.module.css';
import { useLeftovers, useReplay } from './queries';

const REASONS = ['refused', 'unknown_number', 'unknown_message', 'no_thread', 'unreadable', 'event'];
/** Of these the detail says more than the reason. */
const TELLING = ['refused', 'unreadable', 'event'];
const KINDS = ['message', 'status', 'unreadable', 'event'];

/** The account's leftovers, newest first: why each was left, what it was, and a button that tries again. */
export function LeftoverList() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useLeftovers();
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="leftovers">
      <h2 id="leftovers">{t('ops.leftoversTitle')}</h2>
      <p className={styles.lead}>{t('ops.leftoversLead')}</p>
      {isPending && (
        <div className={styles.waiting}>
          <Bone width="50%" />
          <Bone width="80%" />
        </div>
      )}
      {error && !data && (
        <ErrorState
          title={t('ops.leftoversFailed')}
          text={errorText(t, error)}
          onRetry={() => void refetch()}
        />
      )}
      {data && items.length === 0 && (
        <EmptyState icon="check" title={t('ops.leftoversEmpty')} text={t('ops.leftoversEmptyText')} />
      )}
      {items.length > 0 && (
        <ul className={styles.list}>
          {items.map((item) => (
            <Item key={item.id} item={item} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
          {t('ops.more')}
        </Button>
      )}
    </section>
  );
}

function Item({ item }: { item: Leftover }) {
  const { t } = useTranslation();
  const replay = useReplay();
  const [failure, setFailure] = useState<string | null>(null);
  const kind = KINDS.includes(item.kind) ? t(`ops.kind.${item.kind}` as 'ops.kind.message') : item.kind;
  const reason = REASONS.includes(item.reason)
    ? t(`ops.reason.${item.reason}` as 'ops.reason.refused')
    : t('ops.reason.other', { reason: item.reason });
  const again = () => {
    setFailure(null);
    replay.mutate(item.id, {
      onSuccess: () => toast(t('ops.replayDone')),
      onError: (error) => setFailure(errorText(t, error)),
    });
  };
  return (
    <li className={styles.item} data-testid="leftover" data-replayed={item.replayedAt !== null}>
      <div className={styles.line}>
        <b>{kind}</b>
        <span className={styles.meta}>
          {exact(item.receivedAt)}
          {item.phoneNumberId && ` · ${t('ops.number', { id: item.phoneNumberId })}`}
        </span>
      </div>
      <p>
        {reason} {TELLING.includes(item.reason) && <span className={styles.meta}>{item.detail}</span>}
      </p>
      <details className={styles.raw}>
        <summary>{t('ops.raw')}</summary>
        <pre>{pretty(item.raw)}</pre>
      </details>
      <div className={styles.actions}>
        {item.replayedAt ? (
          <span className={styles.done}>
            <Icon name="check" size={16} />
            {t('ops.replayed', { time: exact(item.replayedAt) })}
          </span>
        ) : (
          item.kind !== 'unreadable' &&
          item.kind !== 'event' && (
            <Button onClick={again} disabled={replay.isPending} data-testid="leftover-replay">
              <Icon name="retry" size={16} />
              {t(replay.isPending ? 'ops.replaying' : 'ops.replay')}
            </Button>
          )
        )}
        {item.threadId && (
          <Link
            to="/inbox/$view/$threadId"
            params={{ view: 'open', threadId: item.threadId }}
            search={item.messageId ? { message: item.messageId } : {}}
          >
            {t('ops.openThread')}
          </Link>
        )}
        {failure && (
          <span className={styles.failure} role="alert">
            {failure}
          </span>
        )}
      </div>
    </li>
  );
}

/** JSON in lines; what is none as it came. */
function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
