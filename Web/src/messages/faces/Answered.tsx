import { useTranslation } from 'react-i18next';
import { Icon } from '../../shared/ui/Icon';
import { typeLabel } from '../labels';
import type { FaceProps } from '.';
import styles from './Faces.module.css';

/** What the customer tapped or filled in. */
export function Answered({ message }: FaceProps) {
  const { t } = useTranslation();
  const answer = message.content?.answer;
  if (!answer) return <b>{message.text ?? typeLabel(t, message.type)}</b>;
  return (
    <span className={styles.rich} data-testid="answer">
      <Icon name="tap" size={18} />
      <span>
        <b dir="auto">{answer.title ?? message.text ?? typeLabel(t, message.type)}</b>
        {answer.description && <span dir="auto">{answer.description}</span>}
        {answer.values && answer.values.length > 0 && (
          <dl className={styles.values}>
            {answer.values.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ))}
          </dl>
        )}
        <small>{t([`message.answer.${answer.kind}`, 'message.answer.button'])}</small>
      </span>
    </span>
  );
}
