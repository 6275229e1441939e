import { useTranslation } from 'react-i18next';
import button from '../../shared/ui/Button.module.css';
import { Icon } from '../../shared/ui/Icon';
import type { FaceProps } from '.';
import styles from './Faces.module.css';

/** Calls cannot be taken here: says so, and gives the number to the agent's own dialler. */
export function MissedCall({ message }: FaceProps) {
  const { t } = useTranslation();
  const caller = message.content?.caller;
  return (
    <span className={styles.rich} data-testid="missed-call">
      <Icon name="phone" size={22} />
      <span>
        <b>{t('message.types.call')}</b>
        <span>{t(caller ? 'message.callText' : 'message.callWithoutNumber')}</span>
        {caller && (
          <a
            className={`${button.button} ${styles.callBack}`}
            href={`tel:+${caller}`}
            data-testid="call-back"
          >
            {t('message.callBack')}
          </a>
        )}
      </span>
    </span>
  );
}
