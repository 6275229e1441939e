import { useTranslation } from 'react-i18next';
import type { Message } from '../api/types';
import { exact } from '../shared/dates';
import { Icon } from '../shared/ui/Icon';
import { previewText, typeIcon } from './labels';
import styles from './MessageList.module.css';

/** What a customer's phone told without anybody writing, as a quiet centred line; and marks on messages that are not here. */
export function EventLine({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <div
      className={styles.event}
      title={exact(message.at)}
      data-testid="message"
      data-message-id={message.id}
      data-direction={message.direction}
      data-type={message.type}
    >
      <Icon name={typeIcon(message.type) ?? 'dot'} size={13} />
      <span dir="auto">{words()}</span>
    </div>
  );

  function words(): string {
    switch (message.type) {
      case 'request_welcome':
        return t('message.welcome');
      case 'system':
        if (message.data?.marketing === 'stopped') return t('message.event.marketingStopped');
        if (message.data?.marketing === 'resumed') return t('message.event.marketingResumed');
        return t([`message.event.${message.content?.event}`, 'message.event.other'], {
          text: message.text ?? message.content?.event ?? '',
        });
      default:
        return t('message.aboutElsewhere', { what: previewText(t, message) });
    }
  }
}
