import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import settings from '../settings/SettingsPage.module.css';
import { ChannelState } from './ChannelState';
import styles from './Channels.module.css';
import { ConnectButton } from './ConnectButton';
import { useAllChannels } from './queries';

/** What the sign-up brought: each number with the button that connects it. */
export function ReadyNumbers({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  const channels = useAllChannels().data ?? [];
  const heading = useRef<HTMLHeadingElement>(null);
  // It is the next step, and whoever signed up is at the end of a long page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when there are more of them.
  useEffect(() => heading.current?.focus(), [ids.length]);
  return (
    <section className={styles.step} aria-labelledby="ready" data-testid="ready-numbers">
      <h2 id="ready" ref={heading} tabIndex={-1}>
        {t('channels.ready')}
      </h2>
      <p>{t('channels.readyHint')}</p>
      <ul className={settings.rows}>
        {channels
          .filter(({ id }) => ids.includes(id))
          .map(({ id, name, displayPhoneNumber, state, attention }) => (
            <li key={id} className={settings.row} data-testid="ready-number">
              <div className={settings.who}>
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
              {state !== 'connected' && <ConnectButton id={id} />}
            </li>
          ))}
      </ul>
    </section>
  );
}
