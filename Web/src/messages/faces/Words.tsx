import { useTranslation } from 'react-i18next';
import { Icon } from '../../shared/ui/Icon';
import styles from '../Bubble.module.css';
import { FormattedText } from '../FormattedText';
import type { FaceProps } from '.';
import { DocumentFile } from './DocumentFile';
import { Film } from './Film';
import { Picture } from './Picture';

export function Words({ message }: FaceProps) {
  return <FormattedText text={message.text ?? ''} />;
}

/** A template, with the file of its header. */
export function TemplateWords({ message, customerName }: FaceProps) {
  const { t } = useTranslation();
  const kind = message.media?.mimeType?.split('/')[0];
  const Header = kind === 'image' ? Picture : kind === 'video' ? Film : message.media ? DocumentFile : null;
  return (
    <>
      <span className={styles.tag}>
        <Icon name="template" size={13} />
        {t('message.template', { name: message.template?.name ?? '' })}
      </span>
      {Header && <Header message={{ ...message, text: null }} customerName={customerName} />}
      <span className={styles.content}>
        <FormattedText text={message.text ?? ''} />
      </span>
    </>
  );
}
