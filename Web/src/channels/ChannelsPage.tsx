import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import settings from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { ChannelState } from './ChannelState';
import { ConnectLink } from './ConnectLink';
import { useAllChannels } from './queries';

/** The account's numbers: those that work, those that are ready, those that were taken away. */
export function ChannelsPage() {
  const { t } = useTranslation();
  const channels = useAllChannels();
  return (
    <>
      <header className={settings.head}>
        <div>
          <h1>{t('channels.title')}</h1>
          <p>{t('channels.lead')}</p>
        </div>
        <ConnectLink />
      </header>
      {channels.error && (
        <ErrorState
          title={t('channels.failed')}
          text={errorText(t, channels.error)}
          onRetry={() => void channels.refetch()}
        />
      )}
      {channels.isPending && <Bone width="60%" height={40} />}
      {channels.data?.length === 0 && (
        <EmptyState icon="chat" title={t('channels.none')} text={t('channels.noneText')}>
          <ConnectLink />
        </EmptyState>
      )}
      {channels.data && channels.data.length > 0 && (
        <ul className={settings.rows}>
          {channels.data.map(({ id, name, displayPhoneNumber, state, attention }) => (
            <li key={id} className={settings.row} data-testid="channel-row">
              <div className={settings.who}>
                <Icon name="chat" size={20} />
                <div>
                  <b>
                    <Link to="/settings/channels/$channelId" params={{ channelId: id }}>
                      {name}
                    </Link>
                  </b>
                  <span>{displayPhoneNumber}</span>
                </div>
              </div>
              <ChannelState state={state} attention={attention} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
