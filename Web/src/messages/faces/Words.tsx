import { useTranslation } from 'react-i18next';
import { Icon } from '../../shared/ui/Icon';
import styles from '../Bubble.module.css';
import { FormattedText } from '../FormattedText';
import type { FaceProps } from '.';

export function Words({ message }: FaceProps) {
  return <FormattedText text={message.text ?? ''} />;
}

export function TemplateWords({ message }: FaceProps) {
  const { t } = useTranslation();
  return (
    <>
      <span className={styles.tag}>
        <Icon name="template" size={13} />
        {t('message.template', { name: message.template?.name ?? '' })}
      </span>
      <span className={styles.content}>
        <FormattedText text={message.text ?? ''} />
      </span>
    </>
  );
}

/** What was written under a file. */
export function Caption({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <span className={styles.content}>
      <FormattedText text={text} />
    </span>
  );
}
