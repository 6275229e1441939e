import { useTranslation } from 'react-i18next';
import type { Thread } from '../api/types';
import { exact } from '../shared/dates';
import { Icon } from '../shared/ui/Icon';
import { Tooltip } from '../shared/ui/Tooltip';
import { useMedia } from '../shared/useMedia';
import styles from './SessionChip.module.css';
import { remainingKey, remainingValues } from './session';
import { useSession } from './useSession';

const icons = { open: 'clock', closing: 'alarm', closed: 'lock' } as const;

/** In the thread's header: how long free replies are still possible; green, amber under two hours, a lock when over. */
export function SessionChip({ session }: { session: Thread['session'] }) {
  const { t } = useTranslation();
  const view = useSession(session.endsAt);
  const closed = view.state === 'closed';
  const short = useMedia('(max-width: 799px)') ? 'Short' : '';
  return (
    <Tooltip text={useHint(session, closed)}>
      <span
        className={`${styles.chip} ${styles.large} ${styles[view.state]}`}
        data-testid="session-chip"
        data-state={view.state}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the exact end is in the tooltip, also for the keyboard.
        tabIndex={0}
      >
        <Icon name={icons[view.state]} size={15} />
        {closed ? t('session.closed') : t(`session.${remainingKey(view)}${short}`, remainingValues(view))}
      </span>
    </Tooltip>
  );
}

const compact = { hours: 'compactHours', minutes: 'compactMinutes', soon: 'compactSoon' } as const;

/** In the list: as short as can be; whole hours are enough while more than two are left. */
export function SessionBadge({ session }: { session: Thread['session'] }) {
  const { t } = useTranslation();
  const view = useSession(session.endsAt);
  const hint = useHint(session, view.state === 'closed');
  const key = view.state === 'open' ? 'compactOpen' : compact[remainingKey(view)];
  return (
    <Tooltip text={hint}>
      <span className={`${styles.chip} ${styles[view.state]} ${view.state === 'closed' ? styles.bare : ''}`}>
        {view.state !== 'open' && <Icon name={icons[view.state]} size={13} />}
        {view.state === 'closed' ? (
          <span className="visually-hidden">{t('session.closed')}</span>
        ) : (
          t(`session.${key}`, remainingValues(view))
        )}
      </span>
    </Tooltip>
  );
}

function useHint(session: Thread['session'], closed: boolean): string {
  const { t } = useTranslation();
  if (session.endsAt === null) return t('session.never');
  const time = exact(session.endsAt);
  if (!closed) return t('session.endsAt', { time });
  return `${t('session.closedAt', { time })}\n${t('session.closedHint')}`;
}
