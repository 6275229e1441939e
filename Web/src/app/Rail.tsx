import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFeedState } from '../live/LiveProvider';
import { Bell } from '../notices/Bell';
import { useMe } from '../people/queries';
import { IconButton } from '../shared/ui/Button';
import { Icon, type IconName } from '../shared/ui/Icon';
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
      <PlaceLink to="/contacts" id="records" title={t('record.title')} icon="people" place={place} />
      {(agent.role === 'admin' || agent.role === 'supervisor') && (
        <PlaceLink to="/team" id="team" title={t('team.title')} icon="person" place={place} />
      )}
      {agent.role === 'admin' && (
        <PlaceLink to="/operations" id="operations" title={t('ops.title')} icon="pulse" place={place} />
      )}
      <div className={styles.spacer} />
      <Bell side="right" />
      <PlaceLink to="/settings" id="settings" title={t('settings.title')} icon="gear" place={place} />
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

interface PlaceLinkProps {
  to: '/contacts' | '/team' | '/operations' | '/settings';
  id: Place;
  title: string;
  icon: IconName;
  /** Where one is. */
  place: Place;
}

function PlaceLink({ to, id, title, icon, place }: PlaceLinkProps) {
  return (
    <Tooltip text={title}>
      <Link
        to={to}
        className={styles.place}
        aria-label={title}
        aria-current={place === id ? 'page' : undefined}
        data-testid={`rail-${id}`}
      >
        <Icon name={icon} size={20} />
      </Link>
    </Tooltip>
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
