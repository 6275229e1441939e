import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Rail } from '../app/Rail';
import { RailMenu } from '../app/RailMenu';
import { LiveProvider } from '../live/LiveProvider';
import { useMe } from '../people/queries';
import { Icon } from '../shared/ui/Icon';
import { useMedia } from '../shared/useMedia';
import { places } from './places';
import styles from './SettingsPage.module.css';

/** The frame of all settings: what there is on the left, the chosen one beside it. Who may open what, the Api decides. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const single = useMedia('(max-width: 799px)');
  const path = useRouterState({ select: (state) => state.location.pathname });
  const shown = places.filter((place) => (place.for as readonly string[]).includes(agent.role));
  const current = places.find((place) => path === place.to || path.startsWith(`${place.to}/`));
  useEffect(() => {
    document.title = `${t(current?.title ?? 'settings.title')} · ${t('app.name')}`;
  }, [t, current]);
  return (
    <LiveProvider>
      <div className={single ? styles.single : styles.shell}>
        {!single && <Rail place="settings" />}
        <nav className={styles.nav} aria-label={t('settings.title')}>
          <div className={styles.top}>
            {single && (
              <Link to="/inbox/$view" params={{ view: 'open' }} className={styles.back}>
                <Icon name="back" size={16} />
                {t('ops.back')}
              </Link>
            )}
            <h2>{t('settings.title')}</h2>
            {single && <RailMenu side="bottom" />}
          </div>
          <ul>
            {shown.map((place) => (
              <li key={place.to}>
                <Link
                  to={place.to}
                  className={styles.place}
                  activeProps={{ 'aria-current': 'page' }}
                  // On a phone the places stand in a row that is wider than the screen.
                  ref={(link) => {
                    if (single && place.to === path)
                      link?.scrollIntoView({ inline: 'center', block: 'nearest' });
                  }}
                  data-testid={`settings-${place.id}`}
                >
                  <Icon name={place.icon} size={16} />
                  {t(place.title)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <main className={styles.page} data-testid="settings">
          <div className={styles.content}>
            <Outlet />
          </div>
        </main>
      </div>
    </LiveProvider>
  );
}
