import { useTranslation } from 'react-i18next';
import type { Message } from '../api/types';
import { Icon } from '../shared/ui/Icon';
import styles from './Bubble.module.css';
import { FormattedText } from './FormattedText';
import { typeIcon, typeLabel } from './labels';

/** A type without a face of its own: says what it is and what to do; no type breaks the thread. */
export function Placeholder({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { type, text } = message;
  const { type: kind, code, title } = message.content?.unsupported ?? {};
  const sentence =
    type === 'unsupported'
      ? t([`message.unsupported.${code === 131060 ? 'unavailable' : kind}`, 'message.unsupportedText'])
      : type === 'leftover'
        ? t('message.leftoverText')
        : type === 'quarantined'
          ? t('quarantine.text')
          : t('message.placeholder');
  return (
    <span className={styles.placeholder} data-testid="placeholder">
      <Icon name={typeIcon(type) ?? 'question'} size={20} />
      <span>
        <b>{typeLabel(t, type)}</b>
        {text ? <FormattedText text={text} /> : sentence}
        {code ? <small>{t('message.metaCode', { code, title: title ?? '' })}</small> : null}
      </span>
    </span>
  );
}
