import { useTranslation } from 'react-i18next';
import settings from '../settings/SettingsPage.module.css';

/** Whether a number works, in a word. */
export function ChannelState({ state, attention }: { state: string; attention: string | null }) {
  const { t } = useTranslation();
  if (attention && state === 'connected')
    return <span className={`${settings.badge} ${settings.warn}`}>{t('channels.state.attention')}</span>;
  return (
    <span className={state === 'connected' ? `${settings.badge} ${settings.good}` : settings.badge}>
      {t(`channels.state.${state}`)}
    </span>
  );
}
