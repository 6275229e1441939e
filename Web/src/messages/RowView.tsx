import { useTranslation } from 'react-i18next';
import { dayLine } from '../shared/dates';
import { serverClock } from '../shared/serverClock';
import { later } from '../shared/ui/later';
import { Bubble } from './Bubble';
import { EventLine } from './EventLine';
import styles from './MessageList.module.css';
import { PendingBubble } from './PendingBubble';
import type { Row } from './rows';
import { SystemLine } from './SystemLine';

const WaitingBubble = later(async () => (await import('../approvals/WaitingBubble')).WaitingBubble);

interface Props {
  row: Row;
  threadId: string;
  customerName: string;
  linkedId: string | undefined;
  meId: string;
  open: boolean;
}

export function RowView({ row, threadId, customerName, linkedId, meId, open }: Props) {
  const { t } = useTranslation();
  switch (row.kind) {
    case 'start':
      return <div className={styles.event}>{t('thread.start')}</div>;
    case 'day':
      return (
        <div className={styles.day}>
          <span>{dayLine(row.at, serverClock.now())}</span>
        </div>
      );
    case 'unread':
      return <div className={styles.unread}>{t('thread.unreadFrom', { count: row.count })}</div>;
    case 'system':
      return <SystemLine message={row.message} />;
    case 'line':
      return <EventLine message={row.message} />;
    case 'waiting':
      return <WaitingBubble approval={row.approval} customerName={customerName} first={row.first} />;
    case 'pending':
      return <PendingBubble entry={row.entry} first={row.first} />;
    case 'message':
      return (
        <Bubble
          message={row.message}
          threadId={threadId}
          customerName={customerName}
          first={row.first}
          linked={row.key === linkedId}
          meId={meId}
          open={open}
        />
      );
  }
}
