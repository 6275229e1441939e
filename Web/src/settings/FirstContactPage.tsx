import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FirstContact, firstContact, type MenuButton } from '../api/hours';
import { useChannels } from '../channels/queries';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Check, Field, SelectField, TextField } from '../shared/ui/Field';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import own from './FirstContactPage.module.css';
import { useSchedules } from './HoursPage';
import { useTeams } from './queries';
import styles from './SettingsPage.module.css';

const keyOf = (channelId: string) => ['first-contact', channelId];

/** What each channel says by itself when a customer begins to write. */
export function FirstContactPage() {
  const { t } = useTranslation();
  const channels = useChannels();
  const [chosen, setChosen] = useState<string | null>(null);
  const channelId = chosen ?? channels.data?.[0]?.id ?? null;
  const settings = useQuery({
    queryKey: keyOf(channelId ?? ''),
    queryFn: ({ signal }) => firstContact.get(channelId ?? '', signal),
    enabled: channelId !== null,
  });
  const failed = channels.error ?? settings.error;
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('settings.firstContact.title')}</h1>
          <p>{t('settings.firstContact.lead')}</p>
        </div>
      </header>
      {failed && (
        <ErrorState
          title={t('settings.firstContact.failed')}
          text={errorText(t, failed)}
          onRetry={() => {
            void channels.refetch();
            void settings.refetch();
          }}
        />
      )}
      {channels.data?.length === 0 && (
        <EmptyState
          icon="chat"
          title={t('settings.people.noChannels')}
          text={t('settings.firstContact.noChannel')}
        />
      )}
      {channels.data && channels.data.length > 1 && (
        <SelectField
          label={t('contact.channel')}
          value={channelId ?? ''}
          onChange={(event) => setChosen(event.target.value)}
        >
          {channels.data.map(({ id, name, displayPhoneNumber }) => (
            <option key={id} value={id}>
              {`${name} (${displayPhoneNumber})`}
            </option>
          ))}
        </SelectField>
      )}
      {channelId !== null && settings.isPending && !failed && <Bone width="50%" />}
      {channelId !== null && settings.data && (
        <Form key={`${channelId} ${settings.data.version}`} channelId={channelId} settings={settings.data} />
      )}
    </>
  );
}

function Form({ channelId, settings }: { channelId: string; settings: FirstContact }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const schedules = useSchedules().data ?? [];
  const [draft, setDraft] = useState(settings);
  const { greeting, outOfHours, menu } = draft;
  const save = useMutation({
    mutationFn: () => firstContact.change(channelId, draft),
    onSuccess: (saved) => {
      queryClient.setQueryData(keyOf(channelId), saved);
      toast(t('settings.saved'));
    },
  });
  const setMenu = (change: Partial<FirstContact['menu']>) =>
    setDraft({ ...draft, menu: { ...menu, ...change } });
  return (
    <form
      className={own.columns}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className={styles.form}>
        <Part
          title={t('settings.firstContact.greeting')}
          hint={t('settings.firstContact.greetingHint')}
          testId="greeting"
          on={greeting.enabled}
          onSwitch={(enabled) => setDraft({ ...draft, greeting: { ...greeting, enabled } })}
        >
          <Text
            value={greeting.text}
            longest={4096}
            testId="greeting-text"
            onChange={(text) => setDraft({ ...draft, greeting: { ...greeting, text } })}
          />
        </Part>
        <Part
          title={t('settings.firstContact.outOfHours')}
          hint={t('settings.firstContact.outOfHoursHint')}
          testId="out-of-hours"
          on={outOfHours.enabled}
          onSwitch={(enabled) => setDraft({ ...draft, outOfHours: { ...outOfHours, enabled } })}
        >
          <SelectField
            label={t('settings.hours.title')}
            value={outOfHours.scheduleId ?? ''}
            required
            onChange={(event) =>
              setDraft({ ...draft, outOfHours: { ...outOfHours, scheduleId: event.target.value || null } })
            }
          >
            <option value="">{t('settings.firstContact.chooseHours')}</option>
            {schedules.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
          <Text
            value={outOfHours.text}
            longest={4096}
            testId="out-of-hours-text"
            onChange={(text) => setDraft({ ...draft, outOfHours: { ...outOfHours, text } })}
          />
        </Part>
        <Part
          title={t('settings.firstContact.menu')}
          hint={t('settings.firstContact.menuHint')}
          testId="menu"
          on={menu.enabled}
          onSwitch={(enabled) =>
            setMenu({
              enabled,
              buttons: menu.buttons.length > 0 ? menu.buttons : [{ title: '' }],
            })
          }
        >
          <Text value={menu.text} longest={1024} testId="menu-text" onChange={(text) => setMenu({ text })} />
          {menu.buttons.map((button, at) => (
            <ButtonFields
              // biome-ignore lint/suspicious/noArrayIndexKey: a new button has no key yet; its place is its name.
              key={at}
              button={button}
              onChange={(next) => setMenu({ buttons: menu.buttons.map((one, n) => (n === at ? next : one)) })}
              onRemove={() => setMenu({ buttons: menu.buttons.filter((_, n) => n !== at) })}
            />
          ))}
          {menu.buttons.length < 3 && (
            <div>
              <Button onClick={() => setMenu({ buttons: [...menu.buttons, { title: '' }] })}>
                {t('settings.firstContact.addButton')}
              </Button>
            </div>
          )}
        </Part>
        {save.error && (
          <p className={styles.notice} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        <div className={styles.actions}>
          <Button look="primary" type="submit" disabled={save.isPending} data-testid="first-contact-save">
            {t('settings.save')}
          </Button>
        </div>
      </div>
      <Preview draft={draft} />
    </form>
  );
}

/** One button: what it says, and the category or the team that a tap sets. */
function ButtonFields({
  button,
  onChange,
  onRemove,
}: {
  button: MenuButton;
  onChange: (button: MenuButton) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const teams = useTeams().data ?? [];
  const { title, category, teamId } = button;
  return (
    <div className={own.button} data-testid="menu-button">
      <Field
        label={t('settings.firstContact.buttonTitle')}
        value={title}
        required
        maxLength={20}
        onChange={(event) => onChange({ ...button, title: event.target.value })}
      />
      <Field
        label={t('ticket.category')}
        value={category ?? ''}
        required={!teamId}
        maxLength={60}
        onChange={(event) => onChange({ ...button, category: event.target.value || null })}
      />
      <SelectField
        label={t('ticket.team')}
        value={teamId ?? ''}
        data-testid="menu-team"
        onChange={(event) => onChange({ ...button, teamId: event.target.value || null })}
      >
        <option value="">{t('ticket.none')}</option>
        {teams.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        {teamId && !teams.some(({ id }) => id === teamId) && (
          <option value={teamId}>{t('ticket.goneTeam')}</option>
        )}
      </SelectField>
      <IconButton
        icon="close"
        size={16}
        label={t('settings.firstContact.removeButton', { title })}
        onClick={onRemove}
      />
    </div>
  );
}

interface PartProps {
  title: string;
  hint: string;
  testId: string;
  on: boolean;
  onSwitch: (on: boolean) => void;
  children: ReactNode;
}

function Part({ title, hint, testId, on, onSwitch, children }: PartProps) {
  return (
    <section className={own.part}>
      <Check
        label={title}
        hint={hint}
        checked={on}
        data-testid={`${testId}-on`}
        onChange={(event) => onSwitch(event.target.checked)}
      />
      {on && children}
    </section>
  );
}

function Text({
  value,
  longest,
  testId,
  onChange,
}: {
  value: string;
  longest: number;
  testId: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <TextField
      label={t('settings.firstContact.text')}
      hint={t('settings.firstContact.variables', { variable: '{ticket.number}' })}
      rows={3}
      value={value}
      required
      maxLength={longest}
      data-testid={testId}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** As the customer's phone shows it. */
function Preview({ draft }: { draft: FirstContact }) {
  const { t } = useTranslation();
  const { greeting, outOfHours, menu } = draft;
  const filled = (text: string) => text.replaceAll('{ticket.number}', '4711');
  const bubbles = [
    greeting.enabled && greeting.text && { key: 'greeting', text: greeting.text, note: null },
    outOfHours.enabled &&
      outOfHours.text && {
        key: 'outOfHours',
        text: outOfHours.text,
        note: t('settings.firstContact.insteadOutside'),
      },
  ].filter((bubble) => typeof bubble === 'object');
  return (
    <aside
      className={own.preview}
      aria-label={t('settings.firstContact.preview')}
      data-testid="first-contact-preview"
    >
      <h2>{t('settings.firstContact.preview')}</h2>
      <p className={own.theirs}>{t('settings.firstContact.sample')}</p>
      {bubbles.map(({ key, text, note }) => (
        <div key={key}>
          {note && <small>{note}</small>}
          <p dir="auto">{filled(text)}</p>
        </div>
      ))}
      {menu.enabled && (
        <div>
          <p dir="auto">{filled(menu.text)}</p>
          {menu.buttons
            .filter(({ title }) => title)
            .map(({ title }) => (
              <span key={title} className={own.reply}>
                {title}
              </span>
            ))}
        </div>
      )}
    </aside>
  );
}
