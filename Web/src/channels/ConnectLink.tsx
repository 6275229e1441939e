import { useTranslation } from 'react-i18next';
import button from '../shared/ui/Button.module.css';
import { Icon } from '../shared/ui/Icon';

/** Not a link of the router's: that page is loaded anew, because it alone may run Meta's script. */
export function ConnectLink() {
  const { t } = useTranslation();
  return (
    <a
      href="/settings/channels/connect"
      className={`${button.button} ${button.primary}`}
      data-testid="connect-channel"
    >
      <Icon name="plus" size={16} />
      {t('channels.connectNew')}
    </a>
  );
}
