import { useTranslation } from 'react-i18next';
import { fileSize } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import styles from './AttachmentTray.module.css';
import type { Attachment, Tray } from './attachments';
import { kinds } from './files';

/** The files that go out with the next Send, each with its own progress and its own trouble. */
export function AttachmentTray({ tray, items }: { tray: Tray; items: Attachment[] }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.tray} aria-label={t('attach.tray')}>
      {items.map((item) => (
        <li key={item.id} className={styles.item} data-state={item.state.kind}>
          <Thumbnail item={item} />
          <div>
            <span className={styles.name}>{item.name}</span>
            <ItemState tray={tray} item={item} />
          </div>
          <IconButton
            className={styles.remove}
            icon="close"
            size={14}
            label={t('attach.remove', { name: item.name })}
            onClick={() => tray.detach(item)}
          />
        </li>
      ))}
    </ul>
  );
}

/** A picture of it, or its kind's sign. */
export function Thumbnail({ item }: { item: Pick<Attachment, 'kind' | 'previewUrl' | 'name'> }) {
  if (item.kind !== 'image' && item.kind !== 'sticker')
    return (
      <span className={styles.sign}>
        <Icon name={kinds[item.kind].icon} size={22} />
      </span>
    );
  return (
    <img
      src={item.previewUrl}
      alt=""
      onError={(event) => {
        // No picture at all: its sentence stands beside the empty frame.
        event.currentTarget.style.opacity = '0';
      }}
    />
  );
}

function ItemState({ tray, item }: { tray: Tray; item: Attachment }) {
  const { t } = useTranslation();
  const { state } = item;
  const size = item.size === null ? '' : fileSize(item.size);
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
      return <span className={styles.state}>{[size, t('attach.ready')].filter(Boolean).join(' · ')}</span>;
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
            ? t('attach.tooLarge', { size, limit: fileSize(kinds[item.kind].limit) })
            : t(`attach.wrongType.${item.kind}`)}{' '}
          {state.mendable && (
            <Button look="link" onClick={() => void tray.makeFit(item)}>
              {t(state.fault === 'size' ? 'attach.shrink' : 'attach.convert')}
            </Button>
          )}
        </span>
      );
    case 'failed':
      return (
        <span className={styles.bad} role="alert">
          {`${t('attach.failed')} ${errorText(t, state.error)} `}
          <Button look="link" onClick={() => void tray.upload(item)}>
            {t('attach.retry')}
          </Button>
        </span>
      );
  }
}
