import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AssignmentRule, type AssignmentSettings, assignment } from '../api/assignment';
import { errorCode } from '../api/problem';
import { assignmentKeys, useAssignmentSettings } from '../assignment/queries';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { useAgents } from '../tickets/queries';
import { useTeams } from './queries';
import { RuleDialog } from './RuleDialog';
import styles from './SettingsPage.module.css';
import { SkillList } from './SkillList';

/** How tickets are given out: supervisors and admins. */
export function AssignmentPage() {
  const { t } = useTranslation();
  const settings = useAssignmentSettings();
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('assignment.title')}</h1>
          <p>{t('assignment.lead')}</p>
        </div>
      </header>
      {settings.isPending && <Bone width="50%" />}
      {settings.error && !settings.data && (
        <ErrorState
          title={t('assignment.failed')}
          text={errorText(t, settings.error)}
          onRetry={() => void settings.refetch()}
        />
      )}
      {settings.data && (
        <>
          <Rules settings={settings.data} />
          <Limits key={settings.data.version} settings={settings.data} />
        </>
      )}
      <SkillList />
    </>
  );
}

/** Saves a change made on what is shown; of two who edit at once the second is told. */
function useSave(onSaved?: () => void) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (settings: AssignmentSettings) => assignment.save(settings),
    onSuccess: (saved) => {
      queryClient.setQueryData(assignmentKeys.settings, saved);
      void queryClient.invalidateQueries({ queryKey: assignmentKeys.availability });
      toast(t('settings.saved'));
      onSaved?.();
    },
    onError: (error) => {
      // What the other has made of it is fetched; what was entered here stays until it is closed.
      if (errorCode(error) === 'assignment_changed')
        void queryClient.invalidateQueries({ queryKey: assignmentKeys.settings });
    },
  });
}

function Rules({ settings }: { settings: AssignmentSettings }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<AssignmentRule | 'new' | null>(null);
  const save = useSave(() => setEditing(null));
  const put = (rules: AssignmentRule[]) => save.mutate({ ...settings, rules });
  const { rules } = settings;
  const move = (from: number, to: number) => {
    const moved = [...rules];
    const [rule] = moved.splice(from, 1);
    if (rule) moved.splice(to, 0, rule);
    put(moved);
  };
  return (
    <section className={styles.section} aria-labelledby="rules">
      <div className={styles.head}>
        <div>
          <h2 id="rules">{t('assignment.rules')}</h2>
          <p>{t('assignment.rulesLead')}</p>
        </div>
        <Button look="primary" data-testid="rule-add" onClick={() => setEditing('new')}>
          <Icon name="plus" size={16} />
          {t('assignment.newRule')}
        </Button>
      </div>
      {rules.length === 0 && (
        <EmptyState icon="inbox" title={t('assignment.noRules')} text={t('assignment.noRulesText')} />
      )}
      {rules.length > 0 && (
        <ol className={styles.rows}>
          {rules.map((rule, index) => (
            <li key={rule.id} className={styles.row} data-testid="rule">
              <div className={styles.who}>
                <div>
                  <b>{rule.name}</b>
                  <span>
                    <RuleText rule={rule} />
                  </span>
                </div>
              </div>
              {rule.missing.length > 0 && (
                <span className={`${styles.badge} ${styles.warn}`} data-testid="rule-missing">
                  {t('assignment.missing')}
                </span>
              )}
              {!rule.enabled && <span className={styles.badge}>{t('assignment.off')}</span>}
              <IconButton
                icon="arrowUp"
                size={16}
                label={t('assignment.up', { name: rule.name })}
                disabled={index === 0 || save.isPending}
                onClick={() => move(index, index - 1)}
              />
              <IconButton
                icon="arrowDown"
                size={16}
                label={t('assignment.down', { name: rule.name })}
                disabled={index === rules.length - 1 || save.isPending}
                onClick={() => move(index, index + 1)}
              />
              <Button
                aria-label={t('settings.editNamed', { name: rule.name })}
                onClick={() => setEditing(rule)}
              >
                {t('settings.edit')}
              </Button>
              <IconButton
                icon="trash"
                size={16}
                label={t('assignment.removeNamed', { name: rule.name })}
                disabled={save.isPending}
                onClick={() => put(rules.filter((one) => one !== rule))}
              />
            </li>
          ))}
        </ol>
      )}
      {save.error && editing === null && (
        <p className={styles.notice} role="alert">
          {errorText(t, save.error)}
        </p>
      )}
      {editing && (
        <RuleDialog
          rule={editing === 'new' ? null : editing}
          problem={save.error ? errorText(t, save.error) : null}
          saving={save.isPending}
          onSave={(rule) =>
            put(editing === 'new' ? [...rules, rule] : rules.map((one) => (one.id === rule.id ? rule : one)))
          }
          onClose={() => {
            save.reset();
            setEditing(null);
          }}
        />
      )}
    </section>
  );
}

/** What a rule does, in one line. */
function RuleText({ rule }: { rule: AssignmentRule }) {
  const { t } = useTranslation();
  const teams = useTeams().data ?? [];
  const agents = useAgents();
  const whom = rule.teamId
    ? (teams.find(({ id }) => id === rule.teamId)?.name ?? t('ticket.goneTeam'))
    : rule.agentIds.length > 0
      ? agents
          .filter(({ id }) => rule.agentIds.includes(id))
          .map(({ name }) => name)
          .join(', ')
      : t('assignment.targets.everybody');
  const which =
    rule.filters.length === 0
      ? t('assignment.everyTicket')
      : t('assignment.conditionCount', { count: rule.filters.length });
  return `${which} · ${t(`assignment.methods.${rule.method}`)} · ${whom}`;
}

function Limits({ settings }: { settings: AssignmentSettings }) {
  const { t } = useTranslation();
  const [capacity, setCapacity] = useState(settings.defaultCapacity);
  const [minutes, setMinutes] = useState(settings.awayMinutes);
  const save = useSave();
  return (
    <section className={styles.section} aria-labelledby="limits">
      <h2 id="limits">{t('assignment.limits')}</h2>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ ...settings, defaultCapacity: capacity, awayMinutes: minutes });
        }}
      >
        <Field
          label={t('assignment.defaultCapacity')}
          hint={t('assignment.defaultCapacityHint')}
          type="number"
          min={0}
          max={1000}
          required
          value={Number.isNaN(capacity) ? '' : capacity}
          data-testid="assignment-capacity"
          onChange={(event) => setCapacity(event.target.valueAsNumber)}
        />
        <Field
          label={t('assignment.awayMinutes')}
          hint={t('assignment.awayMinutesHint')}
          type="number"
          min={1}
          max={480}
          required
          value={Number.isNaN(minutes) ? '' : minutes}
          data-testid="assignment-away"
          onChange={(event) => setMinutes(event.target.valueAsNumber)}
        />
        {save.error && (
          <p className={styles.notice} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        <div className={styles.actions}>
          <Button look="primary" type="submit" disabled={save.isPending} data-testid="assignment-save">
            {t('settings.save')}
          </Button>
        </div>
      </form>
    </section>
  );
}
