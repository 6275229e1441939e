import { useTranslation } from 'react-i18next';
import { kinds } from '../composer/files';
import type { OutboxEntry } from '../composer/outbox';
import { timeOfDay } from '../shared/dates';
import { Icon } from '../shared/ui/Icon';
import styles from './Bubble.module.css';
import { FormattedText } from './FormattedText';
import photo from './Photo.module.css';
import { TickIcon } from './TickIcon';

/** A message on its way to the server: shown as queued at once. */
export function PendingBubble({ entry, first }: { entry: OutboxEntry; first: boolean }) {
  const { t } = useTranslation();
  const kind = entry.file?.kind;
  const image = entry.body.type === 'image';
  const note = { sending: null, retrying: 'message.retrying', 'signed-out': 'message.waitingSignIn' }[
    entry.state
  ];
  return (
    <div
      className={`${styles.line} ${styles.out} ${first ? styles.first : ''}`}
      data-testid="message"
      data-message-id={entry.key}
      data-direction="outbound"
      data-status="queued"
      data-pending={entry.state}
    >
      <div className={`${styles.bubble} ${styles.pending} ${image ? styles.withPhoto : ''}`}>
        {first && <span className={styles.by}>{t('message.you')}</span>}
        {image && (
          <span className={photo.frame}>{entry.previewUrl && <img src={entry.previewUrl} alt="" />}</span>
        )}
        {entry.file && kind && !image && (
          <span className={styles.tag}>
            <Icon name={kinds[kind].icon} size={16} />
            <bdi>{entry.file.name}</bdi>
          </span>
        )}
        {entry.text && (
          <span className={styles.content}>
            <FormattedText text={entry.text} />
          </span>
        )}
        <span className={styles.meta}>
          {timeOfDay(entry.createdAt)}
          <TickIcon status="queued" />
          <span className="visually-hidden">{t('status.queued')}</span>
        </span>
      </div>
      {note && (
        <div className={`${styles.fail} ${styles.wait}`} role="status">
          {t(note)}
        </div>
      )}
    </div>
  );
}
