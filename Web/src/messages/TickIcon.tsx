import type { DeliveryStatus } from '../api/types';
import { Icon } from '../shared/ui/Icon';
import styles from './TickIcon.module.css';

/** Ticks as in WhatsApp: clock, one, two, two in blue; red for failed, a question mark for not confirmed. */
export function TickIcon({ status }: { status: DeliveryStatus }) {
  switch (status) {
    case 'queued':
    case 'sending':
      return <Icon name="clock" size={13} />;
    case 'unconfirmed':
      return (
        <span className={styles.doubt}>
          <Icon name="question" size={14} />
        </span>
      );
    case 'sent':
      return (
        <svg className={styles.tick} viewBox="0 0 16 12" aria-hidden="true">
          <path d="M3 6.500l3.300 3.300L13 2.500" />
        </svg>
      );
    case 'delivered':
    case 'read':
    case 'played':
      return (
        <svg
          className={status === 'delivered' ? styles.tick : `${styles.tick} ${styles.read}`}
          viewBox="0 0 18 12"
          aria-hidden="true"
        >
          <path d="M1 6.500l3.300 3.300L11 2.500M8.300 9.300l.5.5L16 2.500" />
        </svg>
      );
    case 'failed':
      return (
        <span className={styles.failed}>
          <Icon name="alert" size={14} />
        </span>
      );
    case 'cancelled':
      return <Icon name="close" size={13} />;
  }
}
