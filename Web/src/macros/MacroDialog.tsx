import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { macros as doors } from '../api/endpoints';
import type { OwnValue } from '../api/properties';
import {
  type Macro,
  type MacroActions,
  type Priority,
  priorities,
  type TicketStatus,
  ticketStatuses,
} from '../api/types';
import { SkillNeeds } from '../assignment/SkillNeeds';
import { useTeams } from '../settings/queries';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field, SelectField, TextField } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { RemoveButton } from '../shared/ui/RemoveButton';
import { EmptyState } from '../shared/ui/States';
import { OwnValueField } from '../tickets/OwnValueField';
import { useOwnProperties } from '../tickets/ownProperties';
import { useAgents } from '../tickets/queries';
import styles from './MacroDialog.module.css';
import { macroKeys, useMacros } from './queries';

/** The account's macros: a list, and the one that is being made or changed. */
export function MacroDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const macros = useMacros().data ?? [];
  const [chosen, setChosen] = useState<string | 'new' | null>(null);
  const macro = macros.find(({ id }) => id === chosen) ?? null;
  return (
    <Dialog title={t('macros.title')} lead={t('macros.lead')} wide onClose={onClose}>
      <div className={styles.columns}>
        <div className={styles.list}>
          {macros.map(({ id, name }) => (
            <button key={id} type="button" aria-pressed={id === chosen} onClick={() => setChosen(id)}>
              {name}
            </button>
          ))}
          <Button data-testid="macro-new" onClick={() => setChosen('new')}>
            {t('macros.create')}
          </Button>
        </div>
        {chosen === null || (chosen !== 'new' && !macro) ? (
          <EmptyState icon="bolt" title={t('macros.emptyTitle')} text={t('macros.emptyText')} />
        ) : (
          <MacroForm
            key={`${chosen} ${macro?.version}`}
            macro={macro}
            onDone={(saved) => setChosen(saved?.id ?? null)}
          />
        )}
      </div>
    </Dialog>
  );
}

function MacroForm({ macro, onDone }: { macro: Macro | null; onDone: (saved: Macro | null) => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const agents = useAgents();
  const teams = useTeams().data ?? [];
  const [name, setName] = useState(macro?.name ?? '');
  const [actions, setActions] = useState<MacroActions>(macro?.actions ?? {});
  const [tags, setTags] = useState((macro?.actions.addTags ?? []).join(', '));
  const [problem, setProblem] = useState<string | null>(null);
  const set = (change: Partial<MacroActions>) => setActions((before) => ({ ...before, ...change }));

  const settle = async (act: () => Promise<Macro | null>) => {
    setProblem(null);
    try {
      const saved = await act();
      await queryClient.invalidateQueries({ queryKey: macroKeys.list });
      onDone(saved);
    } catch (error) {
      setProblem(errorText(t, error));
      void queryClient.invalidateQueries({ queryKey: macroKeys.list });
    }
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const words = tags
      .split(/[,、，]/)
      .map((word) => word.trim())
      .filter(Boolean);
    const filled = Object.entries({ ...actions, addTags: words.length > 0 ? words : null });
    const input = {
      name: name.trim(),
      actions: Object.fromEntries(
        filled.filter(([, value]) =>
          value && typeof value === 'object' ? Object.keys(value).length > 0 : value,
        ),
      ) as MacroActions,
    };
    void settle(() =>
      macro ? doors.change(macro.id, { ...input, version: macro.version }) : doors.create(input),
    );
  };
  return (
    <form className={styles.form} onSubmit={save}>
      <Field
        label={t('views.name')}
        value={name}
        maxLength={80}
        required
        data-testid="macro-name"
        onChange={(event) => setName(event.target.value)}
      />
      <div className={styles.pair}>
        <SelectField
          label={t('ticket.status')}
          value={actions.status ?? ''}
          data-testid="macro-status"
          onChange={(event) => set({ status: (event.target.value || null) as TicketStatus | null })}
        >
          <option value="">{t('macros.unchanged')}</option>
          {ticketStatuses.map((status) => (
            <option key={status} value={status}>
              {t(`contact.status.${status}`)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('ticket.owner')}
          value={actions.owner ?? ''}
          onChange={(event) => set({ owner: event.target.value || null })}
        >
          <option value="">{t('macros.unchanged')}</option>
          <option value="me">{t('macros.me')}</option>
          <option value="none">{t('ticket.nobody')}</option>
          {agents.map((agent) => (
            <option key={agent.id} value={agent.id}>
              {agent.name}
            </option>
          ))}
        </SelectField>
        {teams.length > 0 && (
          <SelectField
            label={t('ticket.team')}
            value={actions.team ?? ''}
            data-testid="macro-team"
            onChange={(event) => set({ team: event.target.value || null })}
          >
            <option value="">{t('macros.unchanged')}</option>
            <option value="none">{t('ticket.none')}</option>
            {teams.map((team) => (
              <option key={team.id} value={team.id}>
                {team.name}
              </option>
            ))}
          </SelectField>
        )}
        <SelectField
          label={t('ticket.priority')}
          value={actions.priority ?? ''}
          onChange={(event) => set({ priority: (event.target.value || null) as Priority | null })}
        >
          <option value="">{t('macros.unchanged')}</option>
          {priorities.map((priority) => (
            <option key={priority} value={priority}>
              {t(`ticket.priorities.${priority}`)}
            </option>
          ))}
        </SelectField>
        <Field
          label={t('ticket.addTag')}
          hint={t('views.valuesHint')}
          value={tags}
          onChange={(event) => setTags(event.target.value)}
        />
      </div>
      <div className={styles.text}>
        {t('macros.addSkills')}
        <SkillNeeds needs={actions.addSkills ?? []} onChange={(addSkills) => set({ addSkills })} />
      </div>
      <OwnValues values={actions.properties ?? {}} onChange={(properties) => set({ properties })} />
      <Text
        label={t('macros.snippet')}
        value={actions.snippet ?? ''}
        testId="macro-snippet"
        onChange={(snippet) => set({ snippet })}
      />
      <Text label={t('macros.note')} value={actions.note ?? ''} onChange={(note) => set({ note })} />
      <Field
        label={t('macros.template')}
        value={actions.template ?? ''}
        onChange={(event) => set({ template: event.target.value })}
      />
      {problem && <Problem>{problem}</Problem>}
      <FormFoot>
        {macro && (
          <RemoveButton
            name={macro.name}
            label={t('views.acts.delete')}
            onRemove={() =>
              void settle(async () => {
                await doors.remove(macro.id);
                return null;
              })
            }
          />
        )}
        <Button type="submit" look="primary" disabled={!name.trim()} data-testid="macro-save">
          {t('settings.save')}
        </Button>
      </FormFoot>
    </form>
  );
}

/** Properties of the account's own that the macro sets; those that are gone fall away. */
function OwnValues({
  values,
  onChange,
}: {
  values: Record<string, OwnValue | null>;
  onChange: (values: Record<string, OwnValue | null>) => void;
}) {
  const { t } = useTranslation();
  const properties = useOwnProperties().filter(({ archived }) => !archived);
  const [shown, setShown] = useState(Object.keys(values));
  const rest = properties.filter(({ id }) => !shown.includes(id));
  if (properties.length === 0) return null;
  const kept = Object.entries(values).filter(([id]) => properties.some((property) => property.id === id));
  return (
    <>
      {properties
        .filter(({ id }) => shown.includes(id))
        .map((property) => (
          <OwnValueField
            key={property.id}
            property={property}
            value={values[property.id] ?? null}
            onChange={(value) => {
              const others = kept.filter(([id]) => id !== property.id);
              onChange(Object.fromEntries(value === null ? others : [...others, [property.id, value]]));
            }}
          />
        ))}
      {rest.length > 0 && (
        <SelectField
          label={t('ownProperty.setMore')}
          value=""
          data-testid="macro-property"
          onChange={(event) => setShown([...shown, event.target.value])}
        >
          <option value="">{t('macros.unchanged')}</option>
          {rest.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
    </>
  );
}

interface TextProps {
  label: string;
  value: string;
  testId?: string;
  onChange: (value: string) => void;
}

function Text({ label, value, testId, onChange }: TextProps) {
  return (
    <TextField
      label={label}
      rows={2}
      value={value}
      maxLength={10_000}
      data-testid={testId}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
