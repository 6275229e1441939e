import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type SlaPolicy, type SlaSettings, sla } from '../api/hours';
import { type Priority, priorities } from '../api/types';
import { useChannels } from '../channels/queries';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { CheckList, Field, SelectField } from '../shared/ui/Field';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { useSchedules } from './HoursPage';
import styles from './SettingsPage.module.css';
import own from './SlaPage.module.css';

const key = ['sla'];

/** How soon customers are promised an answer, and an end. */
export function SlaPage() {
  const { t } = useTranslation();
  const settings = useQuery({ queryKey: key, queryFn: ({ signal }) => sla.get(signal) });
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('settings.sla.title')}</h1>
          <p>{t('settings.sla.lead')}</p>
        </div>
      </header>
      {settings.isPending && <Bone width="50%" />}
      {settings.error && (
        <ErrorState
          title={t('settings.sla.failed')}
          text={errorText(t, settings.error)}
          onRetry={() => void settings.refetch()}
        />
      )}
      {settings.data && <Form key={settings.data.version} settings={settings.data} />}
    </>
  );
}

function Form({ settings }: { settings: SlaSettings }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [policies, setPolicies] = useState(settings.policies);
  const save = useMutation({
    mutationFn: () => sla.change({ version: settings.version, policies }),
    onSuccess: (saved) => {
      queryClient.setQueryData(key, saved);
      toast(t('settings.saved'));
    },
  });
  const change = (at: number, part: Partial<SlaPolicy>) =>
    setPolicies(policies.map((policy, n) => (n === at ? { ...policy, ...part } : policy)));
  const moveUp = (at: number) =>
    setPolicies(
      policies.flatMap((policy, n) =>
        n === at ? [] : n === at - 1 ? [policies[at] ?? policy, policy] : [policy],
      ),
    );
  return (
    <form
      className={own.policies}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {policies.length === 0 && (
        <EmptyState icon="flag" title={t('settings.sla.empty')} text={t('settings.sla.emptyText')} />
      )}
      {policies.map((policy, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a new policy has no id yet; its place is its name.
        <fieldset key={at} className={own.policy} data-testid="sla-policy">
          <legend className="visually-hidden">{policy.name || t('settings.sla.add')}</legend>
          <div className={own.line}>
            <Field
              label={t('settings.sla.name')}
              value={policy.name}
              required
              maxLength={80}
              data-testid="sla-name"
              onChange={(event) => change(at, { name: event.target.value })}
            />
            <Hours value={policy.scheduleId} onChange={(scheduleId) => change(at, { scheduleId })} />
            {at > 0 && (
              <IconButton
                icon="arrowUp"
                label={t('settings.sla.moveUp', { name: policy.name })}
                onClick={() => moveUp(at)}
              />
            )}
            <IconButton
              icon="trash"
              label={t('settings.sla.remove', { name: policy.name })}
              onClick={() => setPolicies(policies.filter((_, n) => n !== at))}
            />
          </div>
          <Targets policy={policy} onChange={(targets) => change(at, { targets })} />
          <Channels chosen={policy.channelIds} onChange={(channelIds) => change(at, { channelIds })} />
        </fieldset>
      ))}
      {policies.length > 1 && <p className={styles.lead}>{t('settings.sla.order')}</p>}
      {save.error && (
        <p className={styles.notice} role="alert">
          {errorText(t, save.error)}
        </p>
      )}
      <div className={styles.actions}>
        <Button
          data-testid="sla-add"
          onClick={() =>
            setPolicies([...policies, { name: '', targets: [], scheduleId: null, channelIds: [] }])
          }
        >
          <Icon name="plus" size={16} />
          {t('settings.sla.add')}
        </Button>
        <Button look="primary" type="submit" disabled={save.isPending} data-testid="sla-save">
          {t('settings.save')}
        </Button>
      </div>
    </form>
  );
}

function Hours({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useTranslation();
  const schedules = useSchedules().data ?? [];
  return (
    <SelectField
      label={t('settings.sla.hours')}
      value={value ?? ''}
      data-testid="sla-hours"
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">{t('settings.sla.always')}</option>
      {schedules.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

function Channels({ chosen, onChange }: { chosen: string[]; onChange: (chosen: string[]) => void }) {
  const { t } = useTranslation();
  const channels = useChannels().data ?? [];
  if (channels.length < 2 && chosen.length === 0) return null;
  return (
    <CheckList
      label={t('settings.sla.channels')}
      options={channels.map((one) => ({ value: one.id, label: one.name, note: one.displayPhoneNumber }))}
      chosen={chosen}
      empty=""
      onChange={onChange}
    />
  );
}

type Target = SlaPolicy['targets'][number];

/** Two numbers for each priority; what is empty is not promised. */
function Targets({ policy, onChange }: { policy: SlaPolicy; onChange: (targets: Target[]) => void }) {
  const { t } = useTranslation();
  const of = (priority: Priority): Target =>
    policy.targets.find((target) => target.priority === priority) ?? {
      priority,
      firstResponseMinutes: null,
      resolutionMinutes: null,
    };
  const set = (priority: Priority, part: Partial<Target>) =>
    onChange(
      priorities
        .map((one) => (one === priority ? { ...of(one), ...part } : of(one)))
        .filter((target) => target.firstResponseMinutes !== null || target.resolutionMinutes !== null),
    );
  return (
    <table className={own.targets}>
      <thead>
        <tr>
          <th scope="col">{t('ticket.priority')}</th>
          <th scope="col">{t('settings.sla.firstResponse')}</th>
          <th scope="col">{t('settings.sla.resolution')}</th>
        </tr>
      </thead>
      <tbody>
        {priorities.map((priority) => (
          <tr key={priority}>
            <th scope="row">{t(`ticket.priorities.${priority}`)}</th>
            {(['firstResponseMinutes', 'resolutionMinutes'] as const).map((which) => (
              <td key={which}>
                <input
                  type="number"
                  min={1}
                  max={60_000}
                  value={of(priority)[which] ?? ''}
                  aria-label={`${t(`ticket.priorities.${priority}`)}: ${t(
                    which === 'firstResponseMinutes'
                      ? 'settings.sla.firstResponse'
                      : 'settings.sla.resolution',
                  )}`}
                  data-testid={`sla-${priority}-${which}`}
                  onChange={(event) =>
                    set(priority, { [which]: event.target.value === '' ? null : Number(event.target.value) })
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
