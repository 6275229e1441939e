import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type NoticeEvent,
  type NotificationSettings,
  noticeWays,
  notifications,
  type QuietHours,
} from '../api/notices';
import { currentLanguage } from '../i18n';
import { noticeKeys } from '../notices/queries';
import { playSound } from '../notices/sound';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Check, CheckList, Field, SelectField } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { Bone, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import styles from './NotificationsPage.module.css';
import { PushSection } from './PushSection';
import page from './SettingsPage.module.css';

const key = ['notification-settings'];

/** What the agent is told, how, and when not. Everybody's own. */
export function NotificationsPage() {
  const { t } = useTranslation();
  const settings = useQuery({ queryKey: key, queryFn: ({ signal }) => notifications.get(signal) });
  return (
    <>
      <header className={page.head}>
        <div>
          <h1>{t('notifications.title')}</h1>
          <p>{t('notifications.lead')}</p>
        </div>
      </header>
      {settings.isPending && <Bone width="50%" />}
      {settings.error && !settings.data && (
        <ErrorState
          title={t('notifications.failed')}
          text={errorText(t, settings.error)}
          onRetry={() => void settings.refetch()}
        />
      )}
      {settings.data && <Form settings={settings.data} />}
      <PushSection />
    </>
  );
}

function Form({ settings }: { settings: NotificationSettings }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(settings);
  const set = (change: Partial<NotificationSettings>) => setDraft({ ...draft, ...change });
  const save = useMutation({
    mutationFn: () => notifications.save(draft),
    onSuccess: (saved) => {
      queryClient.setQueryData(key, saved);
      setDraft(saved);
      void queryClient.invalidateQueries({ queryKey: noticeKeys.root });
      toast(t('settings.saved'));
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <section className={page.section}>
        <Check
          label={t('notifications.messages')}
          hint={t('notifications.messagesHint')}
          checked={draft.messages}
          data-testid="notify-messages"
          onChange={(event) => set({ messages: event.target.checked })}
        />
        <SelectField
          label={t('notifications.unassigned')}
          value={draft.unassigned}
          disabled={!draft.messages}
          data-testid="notify-unassigned"
          onChange={(event) => set({ unassigned: event.target.value as NotificationSettings['unassigned'] })}
        >
          <option value="team">{t('notifications.ofTeam')}</option>
          <option value="everyone">{t('notifications.ofEveryone')}</option>
        </SelectField>
      </section>
      <section className={page.section}>
        <h2>{t('notifications.events')}</h2>
        <Events events={draft.events} messages={draft.messages} onChange={(events) => set({ events })} />
      </section>
      <section className={page.section}>
        <h2>{t('notifications.sound')}</h2>
        <div className={styles.sound}>
          <Check
            label={t('notifications.soundOn')}
            checked={draft.sound}
            data-testid="notify-sound"
            onChange={(event) => set({ sound: event.target.checked })}
          />
          <Button onClick={() => void playSound()}>{t('notifications.tryOut')}</Button>
        </div>
      </section>
      <Digest draft={draft} onChange={set} />
      <section className={page.section}>
        <h2>{t('notifications.previews')}</h2>
        <Check
          label={t('notifications.previewsOn')}
          hint={t('notifications.previewsHint')}
          checked={draft.previews}
          data-testid="notify-previews"
          onChange={(event) => set({ previews: event.target.checked })}
        />
      </section>
      <Quiet
        quiet={draft.quietHours}
        zone={draft.timeZone}
        accountZone={draft.accountTimeZone}
        isQuiet={settings.isQuiet}
        onChange={(quietHours) => set({ quietHours })}
        onZone={(timeZone) => set({ timeZone })}
      />
      {save.error && <Problem>{errorText(t, save.error)}</Problem>}
      <div className={page.actions}>
        <Button look="primary" type="submit" disabled={save.isPending} data-testid="notify-save">
          {t('settings.save')}
        </Button>
      </div>
    </form>
  );
}

interface EventsProps {
  events: NoticeEvent[];
  /** False: customers' messages are not told of at all. */
  messages: boolean;
  onChange: (events: NoticeEvent[]) => void;
}

/** A row an event, a column a way. */
function Events({ events, messages, onChange }: EventsProps) {
  const { t } = useTranslation();
  return (
    <table className={styles.events}>
      <thead>
        <tr>
          <th scope="col">{t('notifications.event')}</th>
          {noticeWays.map((way) => (
            <th key={way} scope="col">
              {t(`notifications.ways.${way}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map((row) => (
          <tr key={row.event} data-testid={`notify-${row.event}`}>
            <th scope="row">{t(`notifications.names.${row.event}`)}</th>
            {noticeWays.map((way) => (
              <td key={way}>
                <input
                  type="checkbox"
                  aria-label={`${t(`notifications.names.${row.event}`)}: ${t(`notifications.ways.${way}`)}`}
                  checked={row[way]}
                  disabled={!messages && (row.event === 'message' || row.event === 'unassigned')}
                  data-way={way}
                  onChange={(event) =>
                    onChange(
                      events.map((one) => (one === row ? { ...one, [way]: event.target.checked } : one)),
                    )
                  }
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DigestProps {
  draft: NotificationSettings;
  onChange: (change: Partial<NotificationSettings>) => void;
}

/** A mail now and then, with what has not been seen. */
function Digest({ draft, onChange }: DigestProps) {
  const { t } = useTranslation();
  return (
    <section className={page.section}>
      <h2>{t('notifications.digest.title')}</h2>
      {!draft.mailAvailable && <p className={page.lead}>{t('notifications.digest.none')}</p>}
      <div className={styles.span}>
        <SelectField
          label={t('notifications.digest.label')}
          value={draft.digest}
          disabled={!draft.mailAvailable && draft.digest === 'off'}
          data-testid="notify-digest"
          onChange={(event) => onChange({ digest: event.target.value as NotificationSettings['digest'] })}
        >
          <option value="off">{t('notifications.digest.off')}</option>
          <option value="15">{t('notifications.digest.quarter')}</option>
          <option value="60">{t('notifications.digest.hour')}</option>
          <option value="daily">{t('notifications.digest.daily')}</option>
        </SelectField>
        {draft.digest === 'daily' && (
          <SelectField
            label={t('notifications.digest.at')}
            value={draft.digestHour}
            data-testid="notify-digest-hour"
            onChange={(event) => onChange({ digestHour: Number(event.target.value) })}
          >
            {Array.from({ length: 24 }, (_, hour) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place.
              <option key={hour} value={hour}>
                {`${String(hour).padStart(2, '0')}:00`}
              </option>
            ))}
          </SelectField>
        )}
      </div>
    </section>
  );
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const usual: QuietHours = { from: '20:00', to: '08:00', days: everyDay };

interface QuietProps {
  quiet: QuietHours | null;
  zone: string | null;
  accountZone: string;
  isQuiet: boolean;
  onChange: (quiet: QuietHours | null) => void;
  onZone: (zone: string | null) => void;
}

function Quiet({ quiet, zone, accountZone, isQuiet, onChange, onZone }: QuietProps) {
  const { t } = useTranslation();
  const names = new Intl.DateTimeFormat(currentLanguage(), { weekday: 'long', timeZone: 'UTC' });
  const zones = Intl.supportedValuesOf('timeZone');
  return (
    <section className={page.section}>
      <h2>{t('notifications.quiet')}</h2>
      <p className={page.lead}>{t(isQuiet ? 'notifications.quietNow' : 'notifications.quietLead')}</p>
      <Check
        label={t('notifications.quietOn')}
        checked={quiet !== null}
        data-testid="notify-quiet"
        onChange={(event) => onChange(event.target.checked ? usual : null)}
      />
      {quiet && (
        <>
          <div className={styles.span}>
            <Field
              label={t('notifications.from')}
              type="time"
              required
              value={quiet.from}
              data-testid="notify-quiet-from"
              onChange={(event) => onChange({ ...quiet, from: event.target.value })}
            />
            <Field
              label={t('notifications.to')}
              hint={quiet.to <= quiet.from ? t('notifications.nextDay') : undefined}
              type="time"
              required
              value={quiet.to}
              data-testid="notify-quiet-to"
              onChange={(event) => onChange({ ...quiet, to: event.target.value })}
            />
          </div>
          <CheckList
            label={t('notifications.days')}
            options={everyDay.map((day) => ({
              value: String(day),
              // 1 January 2024 was a Monday.
              label: names.format(Date.UTC(2024, 0, day)),
            }))}
            chosen={quiet.days.map(String)}
            empty=""
            onChange={(days) => onChange({ ...quiet, days: days.map(Number).sort() })}
          />
          <SelectField
            label={t('settings.account.timeZone')}
            value={zone ?? ''}
            onChange={(event) => onZone(event.target.value || null)}
          >
            <option value="">{t('notifications.accountZone', { zone: accountZone })}</option>
            {(zone === null || zones.includes(zone) ? zones : [zone, ...zones]).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </SelectField>
        </>
      )}
    </section>
  );
}
