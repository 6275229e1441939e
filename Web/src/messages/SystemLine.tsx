import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { AgentRef, Message, TeamRef } from '../api/types';
import { exact } from '../shared/dates';
import { Icon, type IconName } from '../shared/ui/Icon';
import styles from './MessageList.module.css';
import { ticketLine } from './ticketLine';
import { useNames } from './useNames';
import { whoDid } from './who';

const icons: Record<string, IconName> = {
  ticket_opened: 'ticket',
  session_opened: 'clock',
  session_reopened: 'clock',
  session_warning: 'alarm',
  session_closed: 'lock',
  identity_changed: 'person',
  ticket_changed: 'ticket',
  ticket_woke: 'alarm',
  ticket_sorted: 'tag',
  ticket_merged: 'ticket',
  ticket_absorbed: 'ticket',
  ticket_unmerged: 'ticket',
  ticket_attached: 'ticket',
  ticket_left: 'ticket',
  ticket_reopened: 'ticket',
  sla_breached: 'flag',
  ticket_waits: 'clock',
  username_changed: 'person',
  customer_blocked: 'ban',
  customer_unblocked: 'undo',
  conversation_merged: 'person',
  conversation_moved: 'forward',
  conversation_unmerged: 'undo',
  conversation_let_go: 'undo',
};

/** The thread's own events, as quiet centred lines. */
export function SystemLine({ message }: { message: Message }) {
  const { t } = useTranslation();
  const names = useNames();
  const number = message.data?.ticketNumber;
  const known = message.type in icons;
  const key = !known
    ? 'other'
    : message.type === 'ticket_opened' && number === undefined
      ? 'ticket_opened_plain'
      : message.type === 'ticket_opened' && message.data?.source
        ? `ticket_opened_${message.data.source === 'api' ? 'api' : 'manual'}`
        : message.type === 'conversation_unmerged' && message.data?.messages
          ? 'conversation_unmerged_some'
          : message.type;
  return (
    <div
      className={styles.event}
      title={exact(message.at)}
      data-testid="message"
      data-message-id={message.id}
      data-direction="system"
      data-type={message.type}
    >
      <Icon name={icons[message.type] ?? 'dot'} size={13} />
      <span>
        {message.type === 'ticket_changed' || message.type === 'ticket_waits'
          ? ticketLine(t, message, names)
          : message.type === 'ticket_sorted'
            ? sortedLine(t, message, names.teams)
            : t(`system.${key}`, {
                number,
                type: message.type,
                what: t(`sla.awaits.${message.data?.kind ?? 'resolution'}`),
                into: message.data?.intoNumber,
                from: message.data?.fromNumber,
                who: whoDid(t, message),
                before: message.data?.from,
                after: message.data?.to,
                reason: message.data?.reason,
                name: message.data?.name,
                count: Number(message.data?.messages ?? 0),
              })}
        <OtherThread id={message.data?.otherThreadId} />
      </span>
      {message.type === 'ticket_absorbed' && (
        <MergedNotes
          notes={message.data?.notes}
          left={Number(message.data?.notesLeft ?? 0)}
          agents={names.agents}
        />
      )}
    </div>
  );
}

/** What the customer tapped, and what that made of the ticket. */
function sortedLine(t: TFunction, { data }: Message, teams: TeamRef[]): string {
  const { button, category, teamId } = data ?? {};
  const team = teamId && (teams.find(({ id }) => id === teamId)?.name ?? t('ticket.goneTeam'));
  if (team && category) return t('system.ticket_sorted_both', { button, category, team });
  return team
    ? t('system.ticket_sorted_team', { button, team })
    : t('system.ticket_sorted', { button, category });
}

/** Where the other ticket of a merge is, if not here. */
function OtherThread({ id }: { id: unknown }) {
  const { t } = useTranslation();
  if (typeof id !== 'string') return null;
  return (
    <>
      {' '}
      <Link to="/inbox/$view/$threadId" params={{ view: 'open', threadId: id }} data-testid="merge-other">
        {t('merge.show')}
      </Link>
    </>
  );
}

/** Notes that came along with a merged ticket. */
function MergedNotes({ notes, left, agents }: { notes: unknown; left: number; agents: AgentRef[] }) {
  const { t } = useTranslation();
  const list = (notes ?? []) as { text: string; by: string | null; at: string }[];
  if (list.length === 0) return null;
  return (
    <ul className={styles.mergedNotes} data-testid="merged-notes">
      {list.map((note) => (
        <li key={`${note.at} ${note.by}`}>
          <small>
            {agents.find(({ id }) => id === note.by)?.name ?? t('message.byApi')} · {exact(note.at)}
          </small>
          <span dir="auto">{note.text}</span>
        </li>
      ))}
      {left > 0 && (
        <li>
          <small data-testid="notes-left">{t('merge.notesLeft', { count: left })}</small>
        </li>
      )}
    </ul>
  );
}
