import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ViewCondition, ViewProperty } from '../api/types';
import { useSkills } from '../assignment/queries';
import { useChannels } from '../channels/queries';
import { useTeams } from '../settings/queries';
import { IconButton } from '../shared/ui/Button';
import { useAgents } from '../tickets/queries';
import { choiceName, newCondition, ownIdOf, propertyName, takesValues, withOperator } from './conditions';
import styles from './ViewDialog.module.css';

interface Props {
  condition: ViewCondition;
  properties: ViewProperty[];
  /** Nobody in particular looks: "me" and "my teams" mean nothing. */
  forNobody?: boolean;
  onChange: (condition: ViewCondition) => void;
  onRemove: () => void;
}

/** One condition: a property, how it is compared, and with what. */
export function ConditionRow({ condition, properties, forNobody, onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const property = properties.find(({ key }) => key === condition.property);
  return (
    <div className={styles.row} data-testid="view-condition">
      <select
        aria-label={t('views.property')}
        value={condition.property}
        data-testid="condition-property"
        onChange={(event) => {
          const next = properties.find(({ key }) => key === event.target.value);
          if (next) onChange(newCondition(next));
        }}
      >
        {!property && (
          <option value={condition.property}>
            {ownIdOf(condition.property)
              ? t('ownProperty.gone')
              : t('views.gone', { property: condition.property })}
          </option>
        )}
        {properties.map(({ key }) => (
          <option key={key} value={key}>
            {propertyName(t, key, properties)}
          </option>
        ))}
      </select>
      {property && (
        <>
          <select
            aria-label={t('views.operator')}
            value={condition.operator}
            data-testid="condition-operator"
            onChange={(event) => onChange(withOperator(condition, event.target.value))}
          >
            {property.operators.map((operator) => (
              <option key={operator} value={operator}>
                {t(`operators.${operator}`)}
              </option>
            ))}
          </select>
          <div className={styles.value}>
            <Value property={property} condition={condition} forNobody={forNobody} onChange={onChange} />
          </div>
        </>
      )}
      <IconButton icon="close" size={16} label={t('views.removeCondition')} onClick={onRemove} />
    </div>
  );
}

interface ValueProps {
  property: ViewProperty;
  condition: ViewCondition;
  forNobody?: boolean;
  onChange: (condition: ViewCondition) => void;
}

function Value({ property, condition, forNobody, onChange }: ValueProps) {
  const { t } = useTranslation();
  const { operator } = condition;
  if (takesValues(operator)) {
    const set = (values: string[]) => onChange({ ...condition, values });
    const values = condition.values ?? [];
    if (property.type === 'text' || property.type === 'tags') return <Words values={values} onChange={set} />;
    return <Choices property={property} values={values} forNobody={forNobody} onChange={set} />;
  }
  if (operator === 'newerThan' || operator === 'olderThan') {
    return (
      <label className={styles.inline}>
        <input
          type="number"
          min={1}
          value={condition.hours ?? ''}
          aria-label={t('views.hours')}
          data-testid="condition-hours"
          onChange={(event) => onChange({ ...condition, hours: Number(event.target.value) })}
        />
        {t('views.hours')}
      </label>
    );
  }
  if (operator === 'between') {
    const time = property.type === 'time';
    const kind = time ? 'datetime-local' : property.type === 'date' ? 'date' : 'number';
    const shown = (text: string | null | undefined) => (text && time ? localTime(text) : (text ?? ''));
    const read = (text: string) => (text === '' ? null : time ? new Date(text).toISOString() : text);
    return (
      <span className={styles.inline}>
        <input
          type={kind}
          aria-label={t('views.from')}
          value={shown(condition.from)}
          onChange={(event) => onChange({ ...condition, from: read(event.target.value) })}
        />
        {t('views.to')}
        <input
          type={kind}
          aria-label={t('views.to')}
          value={shown(condition.to)}
          onChange={(event) => onChange({ ...condition, to: read(event.target.value) })}
        />
      </span>
    );
  }
  return null;
}

/** As the field wants it: the reader's own clock, to the minute. */
function localTime(iso: string): string {
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Words, with commas between them, in either script. */
function Words({ values, onChange }: { values: string[]; onChange: (values: string[]) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(values.join(', '));
  const hint = useId();
  const read = (next: string) =>
    next
      .split(/[,、，]/)
      .map((word) => word.trim())
      .filter(Boolean);
  return (
    <span className={styles.words}>
      <input
        value={text}
        aria-label={t('views.values')}
        aria-describedby={hint}
        data-testid="condition-values"
        onChange={(event) => {
          setText(event.target.value);
          onChange(read(event.target.value));
        }}
      />
      <small id={hint}>{t('views.valuesHint')}</small>
    </span>
  );
}

function Choices({
  property,
  values,
  forNobody,
  onChange,
}: {
  property: ViewProperty;
  values: string[];
  forNobody?: boolean;
  onChange: (values: string[]) => void;
}) {
  const { t } = useTranslation();
  const agents = useAgents();
  const channels = useChannels().data ?? [];
  const teams = useTeams().data ?? [];
  const skills = useSkills().data ?? [];
  const options =
    property.type === 'agent'
      ? [
          ...(forNobody ? [] : [{ value: 'me', label: t('views.me') }]),
          ...agents.map(({ id, name }) => ({ value: id, label: name })),
          // Somebody who has left stays in the condition until it is taken out.
          ...values
            .filter((value) => value !== 'me' && !agents.some(({ id }) => id === value))
            .map((value) => ({ value, label: t('ticket.someone') })),
        ]
      : property.type === 'team'
        ? [
            ...(forNobody ? [] : [{ value: 'mine', label: t('views.myTeams') }]),
            ...teams.map(({ id, name }) => ({ value: id, label: name })),
            ...values
              .filter((value) => value !== 'mine' && !teams.some(({ id }) => id === value))
              .map((value) => ({ value, label: t('ticket.goneTeam') })),
          ]
        : property.type === 'skill'
          ? skills.map(({ id, name }) => ({ value: id, label: name }))
          : property.type === 'channel'
            ? channels.map(({ id, name }) => ({ value: id, label: name }))
            : property.type === 'flag'
              ? ['true', 'false'].map((value) => ({ value, label: t(`choices.flag.${value}`) }))
              : (property.choices ?? []).map((value) => ({
                  value,
                  label: choiceName(t, property.key, value, [property]),
                }));
  return (
    <span className={styles.choices}>
      {options.map(({ value, label }) => {
        const on = values.includes(value);
        return (
          <button
            key={value}
            type="button"
            aria-pressed={on}
            data-value={value}
            onClick={() => onChange(on ? values.filter((one) => one !== value) : [...values, value])}
          >
            {label}
          </button>
        );
      })}
    </span>
  );
}
