import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Schedule, schedules, weekdays } from '../api/hours';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { ScheduleDialog } from './ScheduleDialog';
import styles from './SettingsPage.module.css';

export const schedulesKey = ['schedules'];

export function useSchedules() {
  return useQuery({ queryKey: schedulesKey, queryFn: ({ signal }) => schedules.list(signal) });
}

/** The account's business hours: what SLAs and the first contact go by. */
export function HoursPage() {
  const { t } = useTranslation();
  const list = useSchedules();
  const [open, setOpen] = useState<Schedule | 'new' | null>(null);
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('settings.hours.title')}</h1>
          <p>{t('settings.hours.lead')}</p>
        </div>
        <Button look="primary" data-testid="schedule-add" onClick={() => setOpen('new')}>
          <Icon name="plus" size={16} />
          {t('settings.hours.add')}
        </Button>
      </header>
      {list.isPending && <Bone width="50%" />}
      {list.error && (
        <ErrorState
          title={t('settings.hours.failed')}
          text={errorText(t, list.error)}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.data?.length === 0 && (
        <EmptyState icon="clock" title={t('settings.hours.empty')} text={t('settings.hours.emptyText')} />
      )}
      {list.data && list.data.length > 0 && (
        <ul className={styles.rows}>
          {list.data.map((one) => (
            <li key={one.id} className={styles.row} data-testid="schedule">
              <div className={styles.who}>
                <div>
                  <b>{one.name}</b>
                  <span>
                    {[
                      one.timeZone,
                      weekdays
                        .filter((day) => one.spans.some((span) => span.day === day))
                        .map((day) => t(`settings.hours.short.${day}`))
                        .join(' ') || t('settings.hours.never'),
                    ].join(' · ')}
                  </span>
                </div>
              </div>
              <Button aria-label={t('settings.editNamed', { name: one.name })} onClick={() => setOpen(one)}>
                {t('settings.edit')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {open && <ScheduleDialog schedule={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </>
  );
}
