import type { Thread } from '../api/types';
import { Avatar } from '../shared/ui/Avatar';
import { Icon } from '../shared/ui/Icon';
import styles from './TicketBar.module.css';

/** Whom a ticket without a conversation is about; a ticket's sign where that is nobody. */
export function DeskFace({ contact }: { contact: Thread['contact'] }) {
  if (contact.id) return <Avatar id={contact.id} name={contact.name} />;
  return (
    <span className={`${styles.nobody} ${styles.desk}`} aria-hidden="true">
      <Icon name="ticket" size={18} />
    </span>
  );
}
