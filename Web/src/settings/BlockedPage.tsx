import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { blocks } from '../api/endpoints';
import type { Block, Thread } from '../api/types';
import { blocksKey, metaText, useUnblock } from '../blocking/blocking';
import { usePhone } from '../contact/phone';
import { useMe } from '../people/queries';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import styles from './SettingsPage.module.css';

/** Customers whom nobody wants to hear from: who, why, since when and by whom. */
export function BlockedPage() {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey: blocksKey,
    queryFn: ({ pageParam, signal }) => blocks.list(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const found = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('block.page.title')}</h1>
          <p>{t('block.page.lead')}</p>
        </div>
      </header>
      {list.isPending && <Bone width="50%" />}
      {list.error && !list.data && (
        <ErrorState
          title={t('block.page.failed')}
          text={errorText(t, list.error)}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.data && found.length === 0 && (
        <EmptyState icon="ban" title={t('block.page.empty')} text={t('block.page.emptyText')} />
      )}
      {found.length > 0 && (
        <ul className={styles.rows}>
          {found.map(
            (thread) => thread.block && <Row key={thread.id} thread={thread} block={thread.block} />,
          )}
        </ul>
      )}
      {list.hasNextPage && (
        <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
          {t('ops.more')}
        </Button>
      )}
    </>
  );
}

function Row({ thread, block }: { thread: Thread; block: Block }) {
  const { t } = useTranslation();
  const { agent, account } = useMe();
  const phone = usePhone(thread.customer.waId, account.country);
  const unblock = useUnblock();
  const who = block.by?.name ?? t('message.byApi');
  return (
    <li className={styles.row} data-testid="blocked">
      <div className={styles.who}>
        <div>
          <Link to="/inbox/$view/$threadId" params={{ view: 'open', threadId: thread.id }}>
            <b dir="auto">{thread.contact.name}</b>
          </Link>
          <span dir="auto">{[phone?.text, block.reason].filter(Boolean).join(' · ')}</span>
          <span>
            {t('block.by', { who, time: exact(block.at) })} {metaText(t, block)}
          </span>
        </div>
      </div>
      {agent.role !== 'viewer' && (
        <Button
          aria-label={t('block.unblockNamed', { name: thread.contact.name })}
          disabled={unblock.isPending}
          data-testid="blocked-undo"
          onClick={() => unblock.mutate(thread.id)}
        >
          {t('block.unblock')}
        </Button>
      )}
    </li>
  );
}
