import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { views } from '../api/endpoints';
import { errorCode, ProblemError } from '../api/problem';
import type { Sharing, View, ViewProperty } from '../api/types';
import { useTeams } from '../settings/queries';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field, SelectField } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { ConditionFields, useConditions } from './ConditionFields';
import { propertyName } from './conditions';
import { BY_ACTIVITY } from './keys';
import { useViewActs, useViewProperties } from './queries';
import styles from './ViewDialog.module.css';

interface Props {
  /** Null: a new one. */
  view: View | null;
  onClose: () => void;
  onSaved: (view: View) => void;
}

const MOST_COLUMNS = 6;

/** Name, sharing, conditions, columns and order of a view. */
export function ViewDialog({ view, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const properties = useViewProperties().data ?? [];
  const teams = useTeams().data ?? [];
  const { refresh } = useViewActs();
  const [name, setName] = useState(view?.name ?? '');
  const [sharing, setSharing] = useState<Sharing>(view?.sharing ?? 'private');
  const [teamId, setTeamId] = useState(view?.teamId ?? null);
  const conditions = useConditions(view?.filters ?? []);
  const [columns, setColumns] = useState(view?.columns ?? []);
  const [sort, setSort] = useState(view?.sort ?? BY_ACTIVITY);
  const [descending, setDescending] = useState(view?.descending ?? true);
  const [problem, setProblem] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [version, setVersion] = useState(view?.version ?? 0);

  const find = (key: string) => properties.find((property) => property.key === key);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const unfinished = conditions.unfinished(properties);
    if (unfinished) {
      setProblem(t('views.unfinished', { property: propertyName(t, unfinished.property, properties) }));
      return;
    }
    setSaving(true);
    setProblem(null);
    try {
      const input = {
        name: name.trim(),
        sharing,
        teamId: sharing === 'team' ? (teamId ?? teams[0]?.id ?? null) : null,
        filters: conditions.values,
        columns,
        sort,
        descending,
      };
      const saved = view ? await views.change(view.id, { ...input, version }) : await views.create(input);
      await refresh(saved.id);
      onSaved(saved);
    } catch (error) {
      setProblem(errorText(t, error));
      // What the other has made of it is fetched; what was entered here stays, and may be put in its place.
      if (errorCode(error) !== 'view_changed' || !view) return;
      void refresh(view.id);
      const theirs = await views.one(view.id).catch(() => null);
      if (!theirs) return;
      setVersion(theirs.version);
      const who = error instanceof ProblemError ? error.problem.changedBy : null;
      setProblem(t(who ? 'views.changedBy' : 'views.changedMeanwhile', { name: who }));
    } finally {
      setSaving(false);
    }
  };

  return (
    <Dialog title={t(view ? 'views.editTitle' : 'views.create')} wide onClose={onClose}>
      <form className={styles.form} onSubmit={save} data-testid="view-dialog">
        <div className={styles.top}>
          <Field
            label={t('views.name')}
            value={name}
            maxLength={80}
            required
            data-autofocus
            data-testid="view-name"
            onChange={(event) => setName(event.target.value)}
          />
          <SelectField
            label={t('views.sharing')}
            value={sharing}
            data-testid="view-sharing"
            onChange={(event) => setSharing(event.target.value as Sharing)}
          >
            <option value="private">{t('views.private')}</option>
            {teams.length > 0 && <option value="team">{t('views.team')}</option>}
            <option value="everyone">{t('views.everyone')}</option>
          </SelectField>
          {sharing === 'team' && (
            <SelectField
              label={t('views.whichTeam')}
              value={teamId ?? teams[0]?.id}
              onChange={(event) => setTeamId(event.target.value)}
            >
              {teams.map((team) => (
                <option key={team.id} value={team.id}>
                  {team.name}
                </option>
              ))}
            </SelectField>
          )}
        </div>
        <ConditionFields
          legend={t('views.conditions')}
          none={t('views.noConditions')}
          conditions={conditions}
          properties={properties}
          testId="view-add-condition"
        />
        <div className={styles.top}>
          <SelectField
            label={t('views.sort')}
            value={find(sort) ? sort : BY_ACTIVITY}
            onChange={(event) => setSort(event.target.value)}
          >
            {properties.map(({ key }) => (
              <option key={key} value={key}>
                {propertyName(t, key, properties)}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t('views.direction')}
            value={descending ? 'desc' : 'asc'}
            onChange={(event) => setDescending(event.target.value === 'desc')}
          >
            <option value="desc">{t('views.descending')}</option>
            <option value="asc">{t('views.ascending')}</option>
          </SelectField>
        </div>
        <ColumnPick properties={properties} chosen={columns} onChange={setColumns} />
        {problem && <Problem>{problem}</Problem>}
        <FormFoot>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          <Button type="submit" look="primary" disabled={saving || !name.trim()} data-testid="view-save">
            {t('settings.save')}
          </Button>
        </FormFoot>
      </form>
    </Dialog>
  );
}

function ColumnPick({
  properties,
  chosen,
  onChange,
}: {
  properties: ViewProperty[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}) {
  const { t } = useTranslation();
  return (
    <details className={styles.columns} open={chosen.length > 0}>
      <summary>{t('views.columns')}</summary>
      <div className={styles.choices}>
        {properties.map(({ key }) => {
          const on = chosen.includes(key);
          return (
            <button
              key={key}
              type="button"
              aria-pressed={on}
              disabled={!on && chosen.length >= MOST_COLUMNS}
              onClick={() => onChange(on ? chosen.filter((one) => one !== key) : [...chosen, key])}
            >
              {propertyName(t, key, properties)}
            </button>
          );
        })}
      </div>
    </details>
  );
}
