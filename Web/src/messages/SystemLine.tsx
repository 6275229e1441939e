import { useTranslation } from 'react-i18next';
import type { Message } from '../api/types';
import { exact } from '../shared/dates';
import { Icon, type IconName } from '../shared/ui/Icon';
import styles from './MessageList.module.css';
import { ticketLine } from './ticketLine';
import { useNames } from './useNames';

const icons: Record<string, IconName> = {
  ticket_opened: 'ticket',
  session_opened: 'clock',
  session_reopened: 'clock',
  session_warning: 'alarm',
  session_closed: 'lock',
  identity_changed: 'person',
  ticket_changed: 'ticket',
  ticket_woke: 'alarm',
  ticket_waits: 'clock',
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
          : t(`system.${key}`, { number, type: message.type })}
      </span>
    </div>
  );
}
