import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFeedState } from '../live/LiveProvider';
import { useMe } from '../people/queries';
import { IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Logo } from '../shared/ui/Logo';
import { Tooltip } from '../shared/ui/Tooltip';
import { overlay } from '../shortcuts/overlay';
import { HOME } from '../threads/views';
import styles from './Rail.module.css';
import { RailMenu } from './RailMenu';

export type Place = 'inbox' | 'records' | 'team' | 'operations' | 'settings' | 'design';

export function Rail({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  return (
    <nav className={styles.rail} aria-label={t('app.main')}>
      <Logo className={styles.logo} />
      <Tooltip text={t('app.inbox')}>
        <Link
          to="/inbox/$view"
          params={{ view: HOME }}
          className={styles.place}
          aria-label={t('app.inbox')}
          aria-current={place === 'inbox' ? 'page' : undefined}
        >
          <Icon name="chat" size={20} />
        </Link>
      </Tooltip>
      <Tooltip text={t('record.title')}>
        <Link
          to="/contacts"
          className={styles.place}
          aria-label={t('record.title')}
          aria-current={place === 'records' ? 'page' : undefined}
          data-testid="rail-records"
        >
          <Icon name="people" size={20} />
        </Link>
      </Tooltip>
      {(agent.role === 'admin' || agent.role === 'supervisor') && (
        <Tooltip text={t('team.title')}>
          <Link
            to="/team"
            className={styles.place}
            aria-label={t('team.title')}
            aria-current={place === 'team' ? 'page' : undefined}
            data-testid="rail-team"
          >
            <Icon name="person" size={20} />
          </Link>
        </Tooltip>
      )}
      {agent.role === 'admin' && (
        <Tooltip text={t('ops.title')}>
          <Link
            to="/operations"
            className={styles.place}
            aria-label={t('ops.title')}
            aria-current={place === 'operations' ? 'page' : undefined}
            data-testid="rail-operations"
          >
            <Icon name="pulse" size={20} />
          </Link>
        </Tooltip>
      )}
      <div className={styles.spacer} />
      <Tooltip text={t('settings.title')}>
        <Link
          to="/settings"
          className={styles.place}
          aria-label={t('settings.title')}
          aria-current={place === 'settings' ? 'page' : undefined}
          data-testid="rail-settings"
        >
          <Icon name="gear" size={20} />
        </Link>
      </Tooltip>
      <LiveState />
      {place === 'inbox' && (
        <IconButton
          icon="keyboard"
          size={20}
          label={t('shortcuts.open')}
          keys="?"
          onClick={() => overlay.set('map')}
        />
      )}
      <RailMenu side="right" />
    </nav>
  );
}

/** A dot that says whether what is seen is live. */
export function LiveState() {
  const { t } = useTranslation();
  const state = useFeedState();
  const text = t('rail.live', { state: t(`live.${state}`) });
  return (
    <Tooltip text={text}>
      <span
        className={styles.live}
        role="img"
        aria-label={text}
        data-testid="live-state"
        data-state={state}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip is for the keyboard as well.
        tabIndex={0}
      />
    </Tooltip>
  );
}
