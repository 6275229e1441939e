import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread, ThreadFilter } from '../api/types';
import { previewText, typeIcon } from '../messages/labels';
import { TickIcon } from '../messages/TickIcon';
import { SessionBadge } from '../session/SessionChip';
import { exact, relative } from '../shared/dates';
import { useClock } from '../shared/ticker';
import { Avatar } from '../shared/ui/Avatar';
import { Icon } from '../shared/ui/Icon';
import styles from './ThreadRow.module.css';

export const ROW_HEIGHT = 68;

interface Props {
  thread: Thread;
  view: ThreadFilter;
  q: string;
  top: number;
  position: number;
  total: number;
}

export const ThreadRow = memo(function ThreadRow({ thread, view, q, top, position, total }: Props) {
  const { t } = useTranslation();
  const { contact, lastMessage, unread } = thread;
  const failed = lastMessage?.status === 'failed';
  const classes = [styles.link, unread > 0 && styles.unread, failed && styles.failed];
  return (
    <li
      className={styles.row}
      style={{ height: ROW_HEIGHT, transform: `translateY(${top}px)` }}
      aria-posinset={position}
      aria-setsize={total}
    >
      <Link
        to="/inbox/$view/$threadId"
        params={{ view, threadId: thread.id }}
        search={{ q: q || undefined }}
        className={classes.filter(Boolean).join(' ')}
        data-testid="thread-row"
        data-thread-id={thread.id}
        draggable={false}
      >
        <span className={styles.face}>
          <Avatar id={contact.id} name={contact.name} whatsapp />
        </span>
        <span className={styles.name}>{contact.name}</span>
        <RelativeTime at={thread.lastActivityAt} />
        <Preview message={lastMessage} />
        <span className={styles.marks}>
          <SessionBadge session={thread.session} />
          {unread > 0 && (
            <span className={styles.badge} data-testid="thread-unread">
              <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
              <span className="visually-hidden">{t('list.unread', { count: unread })}</span>
            </span>
          )}
        </span>
      </Link>
    </li>
  );
});

function RelativeTime({ at }: { at: string }) {
  const { t } = useTranslation();
  const words = useClock((now) => relative(at, now, t('time.now')));
  return (
    <time className={styles.time} dateTime={at} title={exact(at)}>
      {words}
    </time>
  );
}

function Preview({ message }: { message: Thread['lastMessage'] }) {
  const { t } = useTranslation();
  if (!message) return <span className={styles.preview}>{t('list.noPreview')}</span>;
  const icon = typeIcon(message.type);
  return (
    <span className={styles.preview}>
      {message.direction === 'outbound' && message.status && (
        <>
          <TickIcon status={message.status} />
          <span className="visually-hidden">{t(`status.${message.status}`)}</span>
        </>
      )}
      {icon && <Icon name={icon} size={14} />}
      <span>{previewText(t, message)}</span>
    </span>
  );
}
