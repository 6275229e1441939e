import { useTranslation } from 'react-i18next';
import type { Media } from '../../api/types';
import { Icon } from '../../shared/ui/Icon';
import bubble from '../Bubble.module.css';
import styles from './Faces.module.css';

/** A file that opens although the scanner has not looked at it says so. */
export function ScanMark({ media }: { media: Media | null }) {
  const { t } = useTranslation();
  if (media?.scan !== 'notScanned' || media.state !== 'ready') return null;
  return (
    <span className={bubble.content}>
      <span className={styles.unscanned} data-testid="not-scanned">
        <Icon name="alert" size={14} />
        {t('message.file.notScanned')}
      </span>
    </span>
  );
}
