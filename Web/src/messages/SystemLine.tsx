import { useTranslation } from 'react-i18next';
import type { Message } from '../api/types';
import { exact } from '../shared/dates';
import { Icon, type IconName } from '../shared/ui/Icon';
import styles from './MessageList.module.css';

const icons: Record<string, IconName> = {
  ticket_opened: 'ticket',
  session_opened: 'clock',
  session_reopened: 'clock',
  session_warning: 'alarm',
  session_closed: 'lock',
  identity_changed: 'person',
};

/** The thread's own events, as quiet centred lines. */
export function SystemLine({ message }: { message: Message }) {
  const { t } = useTranslation();
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
      <span>{t(`system.${key}`, { number, type: message.type })}</span>
    </div>
  );
}
