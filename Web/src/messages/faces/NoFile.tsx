import { useTranslation } from 'react-i18next';
import type { Media } from '../../api/types';
import { Icon } from '../../shared/ui/Icon';
import { typeIcon } from '../labels';
import styles from './Faces.module.css';

/** Where a file is not there: still on its way, gone at WhatsApp, or too large. */
export function NoFile({ type, media, broken }: { type: string; media: Media; broken?: boolean }) {
  const { t } = useTranslation();
  const state = broken ? 'broken' : media.state;
  return (
    <span className={styles.noFile} data-state={state}>
      <Icon name={typeIcon(type) ?? 'file'} size={20} />
      {t(`message.file.${state}`)}
    </span>
  );
}
