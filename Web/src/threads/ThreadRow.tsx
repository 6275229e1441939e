import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread, ViewProperty } from '../api/types';
import { previewText, typeIcon } from '../messages/labels';
import { TickIcon } from '../messages/TickIcon';
import { useMayReply } from '../people/may';
import { SessionBadge } from '../session/SessionChip';
import { useTeams } from '../settings/queries';
import { exact, relative } from '../shared/dates';
import { useClock } from '../shared/ticker';
import { Avatar, initialsOf } from '../shared/ui/Avatar';
import { Icon } from '../shared/ui/Icon';
import { SlaBadge } from '../sla/SlaChip';
import { DeskFace } from '../tickets/DeskFace';
import { useAgents } from '../tickets/queries';
import { columnText, propertyName } from '../views/conditions';
import { useViewProperties } from '../views/queries';
import { moveByArrow } from './markedRow';
import { toggleSelected } from './selection';
import styles from './ThreadRow.module.css';

export const ROW_HEIGHT = 68;
/** The line of what a view shows beside the usual. */
export const COLUMNS_HEIGHT = 24;

interface Props {
  thread: Thread;
  view: string;
  top: number;
  height: number;
  /** Properties that the view shows beside the usual. */
  columns: string[];
  chosen: boolean;
  /** Some row is chosen: every row shows its box. */
  choosing: boolean;
  /** The one row of the list that Tab comes to; J, K and the arrows go from row to row. */
  reachable: boolean;
  position: number;
  total: number;
}

export const ThreadRow = memo(function ThreadRow({
  thread,
  view,
  top,
  height,
  columns,
  chosen,
  choosing,
  reachable,
  position,
  total,
}: Props) {
  const { t } = useTranslation();
  const mayReply = useMayReply();
  const { contact, lastMessage, unread } = thread;
  const conversation = thread.channelId !== null;
  const failed = lastMessage?.status === 'failed';
  const classes = [styles.link, unread > 0 && styles.unread, failed && styles.failed];
  return (
    <li
      className={styles.row}
      style={{ height, transform: `translateY(${top}px)` }}
      aria-posinset={position}
      aria-setsize={total}
    >
      <Link
        to="/inbox/$view/$threadId"
        params={{ view, threadId: thread.id }}
        className={classes.filter(Boolean).join(' ')}
        data-testid="thread-row"
        data-thread-id={thread.id}
        tabIndex={reachable ? 0 : -1}
        onKeyDown={moveByArrow}
        draggable={false}
      >
        <span className={styles.face}>
          {conversation ? (
            <Avatar id={contact.id} name={contact.name} whatsapp />
          ) : (
            <DeskFace contact={contact} />
          )}
        </span>
        <span className={styles.name}>{contact.name}</span>
        <RelativeTime at={thread.lastActivityAt} />
        {conversation || lastMessage ? (
          <Preview message={lastMessage} />
        ) : (
          <span className={styles.preview}>
            {contact.id ? thread.ticket?.subject : t('desk.noConversation')}
          </span>
        )}
        <span className={styles.marks}>
          {thread.merged && (
            <span className={styles.mark} title={t('threadMerge.mark')} data-testid="row-merged">
              <Icon name="forward" size={14} />
              <span className="visually-hidden">{t('threadMerge.mark')}</span>
            </span>
          )}
          {thread.block && (
            <span className={styles.mark} title={t('block.mark')} data-testid="row-blocked">
              <Icon name="ban" size={14} />
              <span className="visually-hidden">{t('block.mark')}</span>
            </span>
          )}
          <TicketMarks ticket={thread.ticket} />
          <SlaBadge sla={thread.ticket?.sla ?? null} />
          {conversation && <SessionBadge session={thread.session} />}
          {unread > 0 && (
            <span className={styles.badge} data-testid="thread-unread">
              <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
              <span className="visually-hidden">{t('list.unread', { count: unread })}</span>
            </span>
          )}
        </span>
        {columns.length > 0 && <Columns columns={columns} values={thread.columns ?? {}} />}
      </Link>
      {mayReply && (
        <label className={`${styles.box} ${chosen || choosing ? styles.boxShown : ''}`}>
          <input
            type="checkbox"
            checked={chosen}
            tabIndex={choosing && reachable ? 0 : -1}
            aria-label={t('bulk.choose', { name: contact.name })}
            data-testid="thread-choose"
            onChange={() => toggleSelected(thread.id)}
          />
        </label>
      )}
    </li>
  );
});

const noProperties: ViewProperty[] = [];

function Columns({ columns, values }: { columns: string[]; values: Record<string, unknown> }) {
  const { t } = useTranslation();
  const properties = useViewProperties().data ?? noProperties;
  const agents = useAgents();
  const teams = useTeams().data ?? [];
  const shown = columns.flatMap((key) => {
    const text = columnText(t, key, properties, values[key], agents, teams);
    return text === null ? [] : [{ key, text }];
  });
  return (
    <span className={styles.columns}>
      {shown.map(({ key, text }) => (
        <span key={key} title={`${propertyName(t, key, properties)}: ${text}`}>
          {text}
        </span>
      ))}
    </span>
  );
}

/** What of the ticket matters in a list: who has it, how urgent it is, whether it is put off. */
function TicketMarks({ ticket }: { ticket: Thread['ticket'] }) {
  const { t } = useTranslation();
  if (!ticket) return null;
  const { priority, owner, team, queuedAt, snoozedUntil, status } = ticket;
  const pressing = priority === 'urgent' || priority === 'high';
  return (
    <>
      {pressing && (
        <span className={`${styles.mark} ${styles[priority]}`} title={t(`ticket.priorities.${priority}`)}>
          <Icon name={priority === 'urgent' ? 'alert' : 'flag'} size={14} />
          <span className="visually-hidden">{t(`ticket.priorities.${priority}`)}</span>
        </span>
      )}
      {snoozedUntil && (
        <span className={styles.mark} title={t('ticket.snoozed', { time: exact(snoozedUntil) })}>
          <Icon name="moon" size={14} />
          <span className="visually-hidden">{t('ticket.snoozed', { time: exact(snoozedUntil) })}</span>
        </span>
      )}
      {status === 'closed' && (
        <span className={styles.mark} title={t('contact.status.closed')}>
          <Icon name="check" size={14} />
          <span className="visually-hidden">{t('contact.status.closed')}</span>
        </span>
      )}
      {owner && (
        <span className={`${styles.mark} ${styles.owner}`} title={t('ticket.ownedBy', { name: owner.name })}>
          <span aria-hidden="true">{initialsOf(owner.name)}</span>
          <span className="visually-hidden">{t('ticket.ownedBy', { name: owner.name })}</span>
        </span>
      )}
      {queuedAt && (
        <span className={styles.mark} title={t('ticket.waits')} data-testid="row-waits">
          <Icon name="clock" size={14} />
          <span className="visually-hidden">{t('ticket.waits')}</span>
        </span>
      )}
      {!owner && team && (
        <span className={styles.mark} title={t('ticket.teamOf', { name: team.name })}>
          <Icon name="people" size={14} />
          <span className="visually-hidden">{t('ticket.teamOf', { name: team.name })}</span>
        </span>
      )}
    </>
  );
}

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
