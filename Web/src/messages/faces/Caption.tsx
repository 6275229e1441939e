import styles from '../Bubble.module.css';
import { FormattedText } from '../FormattedText';

/** What was written under a file. */
export function Caption({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <span className={styles.content}>
      <FormattedText text={text} />
    </span>
  );
}
