import { useTranslation } from 'react-i18next';
import { Icon } from '../shared/ui/Icon';
import styles from './Bubble.module.css';
import { FormattedText } from './FormattedText';
import { typeIcon, typeLabel } from './labels';

const sentences: Record<string, string> = {
  leftover: 'message.leftoverText',
  unsupported: 'message.unsupportedText',
};

/** A type without a face of its own yet: says what it is and what to do; no type breaks the thread. */
export function Placeholder({ type, text }: { type: string; text: string | null }) {
  const { t } = useTranslation();
  return (
    <span className={styles.placeholder}>
      <Icon name={typeIcon(type) ?? 'question'} size={20} />
      <span>
        <b>{typeLabel(t, type)}</b>
        {text ? <FormattedText text={text} /> : t(sentences[type] ?? 'message.placeholder')}
      </span>
    </span>
  );
}
