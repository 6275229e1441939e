import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AssignmentMethod, type AssignmentRule, assignmentMethods } from '../api/assignment';
import { SkillNeeds } from '../assignment/SkillNeeds';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Check, CheckList, Field, SelectField } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { useAgents } from '../tickets/queries';
import { ConditionFields, useConditions } from '../views/ConditionFields';
import { propertyName } from '../views/conditions';
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
  const conditions = useConditions(draft.filters);
  const [unfinished, setUnfinished] = useState<string | null>(null);
  const set = (change: Partial<AssignmentRule>) => setDraft((before) => ({ ...before, ...change }));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const open = conditions.unfinished(properties);
    if (open) {
      setUnfinished(t('views.unfinished', { property: propertyName(t, open.property, properties) }));
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
      filters: conditions.values,
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
        <ConditionFields
          legend={t('assignment.conditions')}
          none={t('assignment.everyTicket')}
          conditions={conditions}
          properties={properties}
          forNobody
          testId="rule-add-condition"
        />
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
        {told && <Problem>{told}</Problem>}
        <FormFoot>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={saving || !draft.name.trim()}
            data-testid="rule-save"
          >
            {t('settings.save')}
          </Button>
        </FormFoot>
      </form>
    </Dialog>
  );
}
