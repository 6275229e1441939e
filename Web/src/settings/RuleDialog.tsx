import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AssignmentMethod, type AssignmentRule, assignmentMethods } from '../api/assignment';
import type { ViewCondition } from '../api/types';
import { SkillNeeds } from '../assignment/SkillNeeds';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Check, CheckList, Field, SelectField } from '../shared/ui/Field';
import { Icon } from '../shared/ui/Icon';
import { useAgents } from '../tickets/queries';
import { ConditionRow } from '../views/ConditionRow';
import { isWhole, newCondition, propertyName } from '../views/conditions';
import { useViewProperties } from '../views/queries';
import view from '../views/ViewDialog.module.css';
import { useTeams } from './queries';

interface Props {
  /** Null: a new one. */
  rule: AssignmentRule | null;
  /** What went wrong the last time; it stays open then. */
  problem: string | null;
  saving: boolean;
  onSave: (rule: AssignmentRule) => void;
  onClose: () => void;
}

const MOST_CONDITIONS = 50;
type Target = 'everybody' | 'team' | 'people';

const empty: AssignmentRule = {
  id: null,
  name: '',
  enabled: true,
  filters: [],
  method: 'round_robin',
  teamId: null,
  agentIds: [],
  skills: [],
  missing: [],
};

/** One rule: which tickets, how they are given out, and among whom. */
export function RuleDialog({ rule, problem, saving, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const properties = useViewProperties().data ?? [];
  const teams = useTeams().data ?? [];
  const agents = useAgents();
  const [draft, setDraft] = useState(rule ?? empty);
  const [target, setTarget] = useState<Target>(
    draft.teamId ? 'team' : draft.agentIds.length > 0 ? 'people' : 'everybody',
  );
  const [conditions, setConditions] = useState(() =>
    draft.filters.map((condition, index) => ({ key: index, condition })),
  );
  const [nextKey, setNextKey] = useState(MOST_CONDITIONS);
  const [unfinished, setUnfinished] = useState<string | null>(null);
  const set = (change: Partial<AssignmentRule>) => setDraft((before) => ({ ...before, ...change }));
  const change = (key: number, condition: ViewCondition) =>
    setConditions((all) => all.map((one) => (one.key === key ? { key, condition } : one)));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const open = conditions.find(
      ({ condition }) => properties.some(({ key }) => key === condition.property) && !isWhole(condition),
    );
    if (open) {
      setUnfinished(t('views.unfinished', { property: propertyName(t, open.condition.property) }));
      return;
    }
    if (target === 'people' && draft.agentIds.length === 0) {
      setUnfinished(t('assignment.choosePeople'));
      return;
    }
    setUnfinished(null);
    onSave({
      ...draft,
      name: draft.name.trim(),
      filters: conditions.map(({ condition }) => condition),
      teamId: target === 'team' ? (draft.teamId ?? teams[0]?.id ?? null) : null,
      agentIds: target === 'people' ? draft.agentIds : [],
    });
  };
  const told = unfinished ?? problem;
  return (
    <Dialog title={t(rule ? 'assignment.editRule' : 'assignment.newRule')} wide onClose={onClose}>
      <form className={view.form} onSubmit={submit} data-testid="rule-dialog">
        <div className={view.top}>
          <Field
            label={t('views.name')}
            value={draft.name}
            maxLength={80}
            required
            data-autofocus
            data-testid="rule-name"
            onChange={(event) => set({ name: event.target.value })}
          />
          <SelectField
            label={t('assignment.method')}
            hint={t(`assignment.methodHints.${draft.method}`)}
            value={draft.method}
            data-testid="rule-method"
            onChange={(event) => set({ method: event.target.value as AssignmentMethod })}
          >
            {assignmentMethods.map((method) => (
              <option key={method} value={method}>
                {t(`assignment.methods.${method}`)}
              </option>
            ))}
          </SelectField>
        </div>
        <fieldset className={view.conditions}>
          <legend>{t('assignment.conditions')}</legend>
          {conditions.length === 0 && <p className={view.note}>{t('assignment.everyTicket')}</p>}
          {conditions.map(({ key, condition }) => (
            <ConditionRow
              key={key}
              condition={condition}
              properties={properties}
              forNobody
              onChange={(next) => change(key, next)}
              onRemove={() => setConditions((all) => all.filter((one) => one.key !== key))}
            />
          ))}
          {conditions.length < MOST_CONDITIONS && (
            <Button
              data-testid="rule-add-condition"
              onClick={() => {
                const first = properties[0];
                if (!first) return;
                setConditions((all) => [...all, { key: nextKey, condition: newCondition(first) }]);
                setNextKey((key) => key + 1);
              }}
            >
              <Icon name="plus" size={16} />
              {t('views.addCondition')}
            </Button>
          )}
        </fieldset>
        <div className={view.top}>
          <SelectField
            label={t('assignment.target')}
            value={target}
            data-testid="rule-target"
            onChange={(event) => setTarget(event.target.value as Target)}
          >
            <option value="everybody">{t('assignment.targets.everybody')}</option>
            {teams.length > 0 && <option value="team">{t('assignment.targets.team')}</option>}
            <option value="people">{t('assignment.targets.people')}</option>
          </SelectField>
          {target === 'team' && (
            <SelectField
              label={t('ticket.team')}
              value={draft.teamId ?? teams[0]?.id}
              data-testid="rule-team"
              onChange={(event) => set({ teamId: event.target.value })}
            >
              {draft.teamId && !teams.some(({ id }) => id === draft.teamId) && (
                <option value={draft.teamId}>{t('ticket.goneTeam')}</option>
              )}
              {teams.map((team) => (
                <option key={team.id} value={team.id}>
                  {team.name}
                </option>
              ))}
            </SelectField>
          )}
        </div>
        {target === 'people' && (
          <CheckList
            label={t('assignment.targets.people')}
            options={agents.map(({ id, name }) => ({ value: id, label: name }))}
            chosen={draft.agentIds}
            empty=""
            onChange={(agentIds) => set({ agentIds })}
          />
        )}
        <fieldset className={view.conditions}>
          <legend>{t('assignment.needs')}</legend>
          <SkillNeeds needs={draft.skills} onChange={(skills) => set({ skills })} />
        </fieldset>
        <Check
          label={t('assignment.enabled')}
          checked={draft.enabled}
          onChange={(event) => set({ enabled: event.target.checked })}
        />
        {told && (
          <p className={view.problem} role="alert">
            {told}
          </p>
        )}
        <footer className={view.foot}>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={saving || !draft.name.trim()}
            data-testid="rule-save"
          >
            {t('settings.save')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
