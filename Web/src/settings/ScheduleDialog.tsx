import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type OwnHoliday,
  type Schedule,
  type ScheduleInput,
  type Span,
  schedules,
  type Weekday,
  weekdays,
} from '../api/hours';
import { useMe } from '../people/queries';
import { dayInZone, exactInZone } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Check, CheckList, Field, SelectField } from '../shared/ui/Field';
import { RemoveButton } from '../shared/ui/RemoveButton';
import { schedulesKey } from './HoursPage';
import styles from './Schedule.module.css';
import page from './SettingsPage.module.css';

/** Whose public holidays the server knows. */
const countries = ['JP', 'BR'];

interface Props {
  /** Null: a new one. */
  schedule: Schedule | null;
  onClose: () => void;
}

/** Business hours: when each day is open, which days are off, and what that comes to. */
export function ScheduleDialog({ schedule, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const { account } = useMe();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<ScheduleInput>(
    schedule ?? {
      name: '',
      timeZone: account.timeZone,
      spans: weekdays.slice(0, 5).map((day) => ({ day, from: '09:00', to: '18:00' })),
      countries: countries.filter((code) => code === account.country),
      holidays: [],
    },
  );
  const set = (change: Partial<ScheduleInput>) => setDraft((before) => ({ ...before, ...change }));
  const settled = () => {
    void queryClient.invalidateQueries({ queryKey: schedulesKey });
    onClose();
  };
  const save = useMutation({
    mutationFn: () => schedules.save({ ...draft, id: schedule?.id, version: schedule?.version }),
    onSuccess: settled,
  });
  const remove = useMutation({ mutationFn: (id: string) => schedules.remove(id), onSuccess: settled });
  const problem = save.error ?? remove.error;
  const names = new Intl.DisplayNames([i18n.language], { type: 'region' });
  const zones = Intl.supportedValuesOf('timeZone');
  return (
    <Dialog title={schedule?.name ?? t('settings.hours.add')} wide onClose={onClose}>
      <form
        className={`${page.form} ${page.padded} ${styles.form}`}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Field
          label={t('settings.hours.name')}
          value={draft.name}
          maxLength={80}
          required
          data-autofocus
          data-testid="schedule-name"
          onChange={(event) => set({ name: event.target.value })}
        />
        <SelectField
          label={t('settings.account.timeZone')}
          value={draft.timeZone}
          onChange={(event) => set({ timeZone: event.target.value })}
        >
          {(zones.includes(draft.timeZone) ? zones : [draft.timeZone, ...zones]).map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </SelectField>
        <fieldset className={styles.week}>
          <legend>{t('settings.hours.week')}</legend>
          {weekdays.map((day) => (
            <Day
              key={day}
              day={day}
              spans={draft.spans.filter((span) => span.day === day)}
              onChange={(own) =>
                set({
                  spans: weekdays.flatMap((one) =>
                    one === day ? own : draft.spans.filter((s) => s.day === one),
                  ),
                })
              }
            />
          ))}
          <p className={page.lead}>{t('settings.hours.weekHint')}</p>
        </fieldset>
        <CheckList
          label={t('settings.hours.public')}
          options={countries.map((code) => ({ value: code, label: names.of(code) ?? code }))}
          chosen={draft.countries}
          empty=""
          onChange={(chosen) => set({ countries: chosen })}
        />
        <OwnHolidays holidays={draft.holidays} onChange={(holidays) => set({ holidays })} />
        <Preview draft={draft} />
        {problem && (
          <p className={page.notice} role="alert">
            {errorText(t, problem)}
          </p>
        )}
        <div className={page.actions}>
          <Button look="primary" type="submit" disabled={save.isPending} data-testid="schedule-save">
            {t('settings.save')}
          </Button>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          {schedule && (
            <RemoveButton
              name={schedule.name}
              label={t('settings.hours.remove')}
              disabled={remove.isPending}
              onRemove={() => remove.mutate(schedule.id)}
            />
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** One day's spans; a lunch break is two of them. */
function Day({ day, spans, onChange }: { day: Weekday; spans: Span[]; onChange: (spans: Span[]) => void }) {
  const { t } = useTranslation();
  const name = t(`settings.hours.days.${day}`);
  const change = (at: number, part: Partial<Span>) =>
    onChange(spans.map((span, n) => (n === at ? { ...span, ...part } : span)));
  return (
    <div className={styles.day} data-testid={`day-${day}`}>
      <span>{name}</span>
      <div>
        {spans.length === 0 && <em>{t('settings.hours.closed')}</em>}
        {spans.map((span, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a span has no other name than its place.
          <span key={at} className={styles.span}>
            <input
              type="time"
              required
              value={span.from}
              aria-label={`${name}: ${t('views.from')}`}
              onChange={(event) => change(at, { from: event.target.value })}
            />
            {t('views.to')}
            <input
              type="time"
              required
              // The field knows no 24:00; midnight is the end of the day.
              value={span.to === '24:00' ? '00:00' : span.to}
              aria-label={`${name}: ${t('views.to')}`}
              onChange={(event) => change(at, { to: event.target.value })}
            />
            <IconButton
              icon="close"
              size={14}
              label={t('settings.hours.removeSpan', { day: name })}
              onClick={() => onChange(spans.filter((_, n) => n !== at))}
            />
          </span>
        ))}
        <IconButton
          icon="plus"
          size={14}
          label={t('settings.hours.addSpan', { day: name })}
          onClick={() =>
            onChange([...spans, { day, from: spans.length > 0 ? '19:00' : '09:00', to: '22:00' }])
          }
        />
      </div>
    </div>
  );
}

function OwnHolidays({
  holidays,
  onChange,
}: {
  holidays: OwnHoliday[];
  onChange: (holidays: OwnHoliday[]) => void;
}) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<OwnHoliday>) =>
    onChange(holidays.map((one, n) => (n === at ? { ...one, ...part } : one)));
  return (
    <fieldset className={styles.week}>
      <legend>{t('settings.hours.own')}</legend>
      {holidays.map((holiday, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day off being typed has no other name than its place.
        <span key={at} className={styles.span}>
          <input
            type="date"
            required
            value={holiday.date}
            aria-label={t('settings.hours.date')}
            onChange={(event) => change(at, { date: event.target.value })}
          />
          <input
            value={holiday.name}
            required
            maxLength={80}
            aria-label={t('settings.hours.holidayName')}
            placeholder={t('settings.hours.holidayName')}
            onChange={(event) => change(at, { name: event.target.value })}
          />
          <Check
            label={t('settings.hours.yearly')}
            checked={holiday.yearly}
            onChange={(event) => change(at, { yearly: event.target.checked })}
          />
          <IconButton
            icon="close"
            size={14}
            label={t('settings.hours.removeHoliday', { name: holiday.name })}
            onClick={() => onChange(holidays.filter((_, n) => n !== at))}
          />
        </span>
      ))}
      <div>
        <Button
          data-testid="holiday-add"
          onClick={() => onChange([...holidays, { date: '', name: '', yearly: true }])}
        >
          {t('settings.hours.addHoliday')}
        </Button>
      </div>
    </fieldset>
  );
}

/** Whether it is open now, and which days are off: read by the server, as it will count them. */
function Preview({ draft }: { draft: ScheduleInput }) {
  const { t } = useTranslation();
  // Half-typed days off are not asked about.
  const whole = useDeferredValue({
    ...draft,
    name: draft.name.trim() || '-',
    holidays: draft.holidays.filter((one) => one.date && one.name.trim()),
  });
  const preview = useQuery({
    queryKey: ['schedule-preview', whole],
    queryFn: ({ signal }) => schedules.preview(whole, signal),
    placeholderData: (before) => before,
    retry: false,
  });
  if (!preview.data) return null;
  const { openNow, nextOpening, daysOff } = preview.data;
  return (
    <div className={styles.preview} data-testid="schedule-preview" aria-live="polite">
      <b>
        {openNow
          ? t('settings.hours.openNow')
          : nextOpening
            ? t('settings.hours.opensAt', { time: exactInZone(nextOpening, draft.timeZone) })
            : t('settings.hours.opensNever')}
      </b>
      {daysOff.length > 0 && (
        <ul>
          {daysOff.map(({ date, key, name }) => (
            <li key={`${date} ${key ?? name}`}>
              <time dateTime={date}>{dayInZone(date)}</time>
              {key ? t(`holidays.${key.replace('.', '_')}`) : name}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
