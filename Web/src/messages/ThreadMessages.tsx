import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, Thread } from '../api/types';
import { awayStore } from '../approvals/putAway';
import { useThreadApprovals } from '../approvals/queries';
import { shownIn } from '../approvals/shown';
import type { OutboxEntry } from '../composer/outbox';
import { errorText } from '../shared/errorText';
import { serverClock } from '../shared/serverClock';
import { useStore } from '../shared/store';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { previewText } from './labels';
import { MessageList } from './MessageList';
import styles from './MessageList.module.css';
import { inOrder, useMessages } from './queries';
import { buildRows, firstUnread, stillPending } from './rows';
import { showsAs } from './types';

interface Props {
  thread: Thread;
  meId: string;
  linkedId: string | undefined;
  pending: OutboxEntry[];
}

/** The most pages that are fetched to find where to open; a link further back than this opens at the end. */
const MOST_PAGES = 25;

/** Fetches what the list needs to open in the right place, then shows it. */
export function ThreadMessages({ thread, meId, linkedId, pending }: Props) {
  const { t } = useTranslation();
  const query = useMessages(thread.id);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isSuccess } = query;
  const messages = useMemo(() => inOrder(query.data), [query.data]);

  // Unread as it was when the thread was opened: reading it must not move the line.
  const [unreadAtOpen] = useState(thread.unread);
  const [unreadFrom, setUnreadFrom] = useState<{ id: string; count: number } | null>(null);
  const [ready, setReady] = useState(false);
  const pages = query.data?.pages.length ?? 0;

  useEffect(() => {
    if (ready || !isSuccess || isFetchingNextPage) return;
    const found = linkedId
      ? messages.some((message) => message.id === linkedId)
      : messages.filter((message) => message.direction === 'inbound').length >= unreadAtOpen;
    if (!found && hasNextPage && pages < MOST_PAGES) {
      void fetchNextPage();
      return;
    }
    if (!found && linkedId) toast(t('thread.messageMissing'));
    setUnreadFrom(firstUnread(messages, unreadAtOpen));
    setReady(true);
  }, [
    ready,
    isSuccess,
    isFetchingNextPage,
    linkedId,
    messages,
    unreadAtOpen,
    hasNextPage,
    pages,
    fetchNextPage,
    t,
  ]);

  // A link to a reaction or to a changed text leads to the message that it is about.
  const linked = messages.find((message) => message.id === linkedId);
  const shownLink = linked && showsAs(linked) === 'hidden' ? (linked.quoted?.id ?? linkedId) : linkedId;

  const approvals = useThreadApprovals(thread.id);
  const away = useStore(awayStore);
  const rows = useMemo(() => {
    const waiting = shownIn(approvals, meId, away, serverClock.now());
    return buildRows({
      messages,
      waiting,
      pending: stillPending(pending, messages, meId),
      hasOlder: hasNextPage,
      unreadFrom,
    });
  }, [messages, approvals, away, pending, meId, hasNextPage, unreadFrom]);

  const older = useCallback(() => void fetchNextPage(), [fetchNextPage]);

  if (query.isError && messages.length === 0) {
    return (
      <div className={styles.pane}>
        <ErrorState
          title={t('thread.messagesErrorTitle')}
          text={errorText(t, query.error)}
          onRetry={() => void query.refetch()}
        />
      </div>
    );
  }
  if (!ready) return <MessagesSkeleton />;
  if (rows.length === 0) {
    return (
      <div className={styles.pane}>
        <EmptyState icon="chat" title={t('thread.emptyTitle')} text={t('thread.emptyText')} />
      </div>
    );
  }
  return (
    <>
      <MessageList
        thread={thread}
        rows={rows}
        meId={meId}
        linkedId={shownLink}
        hasOlder={hasNextPage}
        loadingOlder={isFetchingNextPage}
        onOlder={older}
      />
      <Announcer messages={messages} name={thread.contact.name} />
    </>
  );
}

/** Says a customer's new message to screen readers, once, and nothing of what was there before. */
function Announcer({ messages, name }: { messages: Message[]; name: string }) {
  const { t } = useTranslation();
  const newest = messages.findLast((message) => message.direction === 'inbound');
  const before = useRef(newest?.id);
  const [text, setText] = useState('');
  useEffect(() => {
    if (!newest || newest.id === before.current) return;
    before.current = newest.id;
    setText(t('thread.announce', { name, text: previewText(t, newest) }));
  }, [newest, name, t]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}

const bones = [
  { width: '52%', height: 58, mine: false },
  { width: '36%', height: 38, mine: false },
  { width: '58%', height: 62, mine: true },
  { width: '44%', height: 38, mine: false },
  { width: '30%', height: 38, mine: true },
  { width: '48%', height: 60, mine: false },
];

export function MessagesSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={styles.skeleton} role="status">
      <span className="visually-hidden">{t('common.loading')}</span>
      {bones.map(({ width, height, mine }) => (
        <Bone
          key={`${width} ${height}`}
          width={width}
          height={height}
          className={mine ? styles.mine : undefined}
        />
      ))}
    </div>
  );
}
