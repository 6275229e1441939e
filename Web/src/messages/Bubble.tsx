import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../api/types';
import { timeOfDay } from '../shared/dates';
import { Icon } from '../shared/ui/Icon';
import { Tooltip } from '../shared/ui/Tooltip';
import styles from './Bubble.module.css';
import { Content } from './Content';
import { MessageActions } from './MessageActions';
import { MessageFate } from './MessageFate';
import { Reactions } from './MessageMarks';
import { TickIcon } from './TickIcon';
import { timeLines } from './ticks';
import { types } from './types';
import { whoDid } from './who';

interface Props {
  message: Message;
  threadId: string;
  customerName: string;
  /** Opens a run of bubbles by the same person. */
  first: boolean;
  /** The address names this message. */
  linked: boolean;
  meId: string;
  /** The session is open. */
  open: boolean;
}

export const Bubble = memo(function Bubble(props: Props) {
  const { message, threadId, customerName, first, linked, meId, open } = props;
  const { t } = useTranslation();
  const note = message.direction === 'note';
  const out = message.direction === 'outbound' || note;
  const wide = types[message.type]?.wide === true;
  const line = [styles.line, out && styles.out, first && styles.first, linked && styles.linked];
  const bubble = [
    styles.bubble,
    wide && styles.withPhoto,
    message.status === 'cancelled' && styles.cancelled,
    message.deletedAt && styles.deleted,
    note && styles.note,
  ];
  return (
    <div
      className={line.filter(Boolean).join(' ')}
      data-testid="message"
      data-message-id={message.id}
      data-direction={message.direction}
      data-status={message.status ?? undefined}
      data-type={message.type}
    >
      <div className={bubble.filter(Boolean).join(' ')}>
        {note ? (
          <span className={styles.tag}>
            <Icon name="note" size={13} />
            {t('note.by', { name: whoDid(t, message) })}
          </span>
        ) : (
          out && first && <Author message={message} meId={meId} />
        )}
        <Content message={message} customerName={customerName} />
        <Meta message={message} />
        <MessageActions message={message} threadId={threadId} open={open} />
      </div>
      <Reactions message={message} customerName={customerName} />
      {out && !note && <MessageFate message={message} threadId={threadId} />}
      {message.approved && (
        <div className={`${styles.fail} ${styles.calm}`} data-testid="approved-by">
          {t(message.approved.originalText === null ? 'approvals.by' : 'approvals.byChanged', {
            name: message.approved.by.name,
          })}
        </div>
      )}
    </div>
  );
});

function Author({ message, meId }: { message: Message; meId: string }) {
  const { t } = useTranslation();
  const { agent } = message;
  const name =
    message.data?.automatic !== undefined
      ? t('message.automatic')
      : message.data?.source !== undefined
        ? t('message.fromPhone')
        : agent?.id === meId
          ? t('message.you')
          : whoDid(t, message);
  return <span className={styles.by}>{name}</span>;
}

/** The time is the message's own address; its tooltip has every time that is known. */
function Meta({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <span className={styles.meta}>
      {message.late && (
        <span className={styles.mark}>
          <Icon name="clock" size={12} />
          {t('message.late', { time: timeOfDay(message.receivedAt) })}
        </span>
      )}
      {message.timeDoubtful && <span className={styles.mark}>{t('message.doubtful')}</span>}
      <Tooltip text={timeLines(t, message)}>
        <Link to="." search={(before) => ({ ...before, message: message.id })} replace>
          <time dateTime={message.at}>{timeOfDay(message.at)}</time>
          {message.status && (
            <>
              <TickIcon status={message.status} />
              <span className="visually-hidden">{t(`status.${message.status}`)}</span>
            </>
          )}
        </Link>
      </Tooltip>
    </span>
  );
}
