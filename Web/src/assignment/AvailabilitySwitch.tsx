import { useTranslation } from 'react-i18next';
import type { Availability } from '../api/assignment';
import { duration } from '../shared/dates';
import { useNow } from '../shared/ticker';
import { Choice } from '../shared/ui/Choice';
import styles from './Availability.module.css';
import { useOwnAvailability, useSetAvailable } from './queries';

/** Available or away, and since when: the agent's own. Nothing else ever switches it. */
export function AvailabilitySwitch() {
  const { t } = useTranslation();
  const own = useOwnAvailability();
  const set = useSetAvailable();
  if (!own) return null;
  return (
    <div className={styles.switch}>
      {t('availability.label')}
      <Choice
        label={t('availability.label')}
        value={own.available ? 'available' : 'away'}
        options={[
          { value: 'available', label: t('availability.available') },
          { value: 'away', label: t('availability.away') },
        ]}
        onChange={(value) => set.mutate({ id: own.id, available: value === 'available' })}
        testId="availability-switch"
      />
      <small data-testid="availability-since">
        <AvailabilityText person={own} />
      </small>
    </div>
  );
}

/** Available, or away for so long. */
export function AvailabilityText({ person: { available, since } }: { person: Availability }) {
  const { t } = useTranslation();
  const now = useNow(30);
  const time = since ? duration(Math.max(60, (now - Date.parse(since)) / 1000)) : null;
  if (!available) return t('availability.awayFor', { time: time ?? '' });
  return time ? t('availability.availableFor', { time }) : t('availability.available');
}

/** A dot beside a face: green takes tickets, hollow is away. */
export function AvailabilityDot({ available }: { available: boolean }) {
  const { t } = useTranslation();
  const text = t(available ? 'availability.available' : 'availability.away');
  return (
    <span className={styles.dot} data-available={available}>
      <span className="visually-hidden">{text}</span>
    </span>
  );
}
