import { useTranslation } from 'react-i18next';
import { fileSize } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import styles from './AttachmentTray.module.css';
import { type Attachment, detach, makeFit, upload } from './attachments';
import { MOST_BYTES } from './pictures';

/** The pictures that go out with the next Send, each with its own progress and its own trouble. */
export function AttachmentTray({ threadId, items }: { threadId: string; items: Attachment[] }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.tray} aria-label={t('attach.tray')}>
      {items.map((item) => (
        <li key={item.id} className={styles.item} data-state={item.state.kind}>
          <img
            src={item.previewUrl}
            alt=""
            onError={(event) => {
              // No picture at all: its sentence stands beside the empty frame.
              event.currentTarget.style.opacity = '0';
            }}
          />
          <div>
            <span className={styles.name}>{item.name}</span>
            <ItemState threadId={threadId} item={item} />
          </div>
          <IconButton
            className={styles.remove}
            icon="close"
            size={14}
            label={t('attach.remove', { name: item.name })}
            onClick={() => detach(threadId, item)}
          />
        </li>
      ))}
    </ul>
  );
}

function ItemState({ threadId, item }: { threadId: string; item: Attachment }) {
  const { t } = useTranslation();
  const { state } = item;
  switch (state.kind) {
    case 'uploading': {
      const percent = Math.round(state.share * 100);
      const text = t('attach.uploading', { percent });
      return (
        <span className={styles.state}>
          {text}
          <progress value={percent} max={100} aria-label={text} />
        </span>
      );
    }
    case 'ready':
      return <span className={styles.state}>{`${fileSize(item.file.size)} · ${t('attach.ready')}`}</span>;
    case 'shrinking':
      return <span className={styles.state}>{t('attach.shrinking')}</span>;
    case 'unreadable':
      return (
        <span className={styles.bad} role="alert">
          {t('attach.cannotShrink')}
        </span>
      );
    case 'unfit':
      return (
        <span className={styles.bad} role="alert">
          {state.fault === 'size'
            ? t('attach.tooLarge', { size: fileSize(item.file.size), limit: fileSize(MOST_BYTES) })
            : t('attach.wrongType')}{' '}
          <Button look="link" onClick={() => void makeFit(threadId, item)}>
            {t(state.fault === 'size' ? 'attach.shrink' : 'attach.convert')}
          </Button>
        </span>
      );
    case 'failed':
      return (
        <span className={styles.bad} role="alert">
          {`${t('attach.failed')} ${errorText(t, state.error)} `}
          <Button look="link" onClick={() => void upload(threadId, item)}>
            {t('attach.retry')}
          </Button>
        </span>
      );
  }
}
