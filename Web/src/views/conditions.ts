import type { TFunction } from 'i18next';
import type { AgentRef, TeamRef, ViewCondition, ViewProperty } from '../api/types';
import { dayInZone, exact, measured, precise } from '../shared/dates';

/** A condition as it begins: one that a value is then chosen for. */
export function newCondition(property: ViewProperty): ViewCondition {
  return withOperator({ property: property.key, operator: '' }, property.operators[0] ?? 'known');
}

/** The condition with another operator; values are kept where they still mean something. */
export function withOperator(condition: ViewCondition, operator: string): ViewCondition {
  const { property, values } = condition;
  if (takesValues(operator)) return { property, operator, values: values ?? [] };
  if (operator === 'between') return { property, operator, from: condition.from, to: condition.to };
  if (operator === 'newerThan' || operator === 'olderThan') {
    return { property, operator, hours: condition.hours ?? 24 };
  }
  return { property, operator };
}

export function takesValues(operator: string): boolean {
  return operator === 'anyOf' || operator === 'noneOf' || operator === 'contains';
}

/** Whether nothing is missing in it. */
export function isWhole({ operator, values, from, to, hours }: ViewCondition): boolean {
  if (takesValues(operator)) return (values?.length ?? 0) > 0;
  if (operator === 'between') return Boolean(from || to);
  if (operator === 'newerThan' || operator === 'olderThan') return (hours ?? 0) > 0;
  return true;
}

/** The name of a property; of one of the account's own that is gone, that it is gone. */
export function propertyName(t: TFunction, key: string, properties?: readonly ViewProperty[]): string {
  if (key.startsWith(OWN))
    return properties?.find((property) => property.key === key)?.label ?? t('ownProperty.gone');
  return t(`properties.${key.replace('.', '_')}`, { defaultValue: key });
}

const OWN = 'property.';

/** The account's own property that a key names. */
export function ownIdOf(key: string): string | null {
  return key.startsWith(OWN) ? key.slice(OWN.length) : null;
}

export function choiceName(
  t: TFunction,
  key: string,
  value: string,
  properties?: readonly ViewProperty[],
): string {
  const own = properties?.find((property) => property.key === key && property.label !== null);
  if (own) return own.choiceLabels?.[own.choices?.indexOf(value) ?? -1] ?? '…';
  if (key === 'ticket.status') return t(`contact.status.${value}`);
  if (key === 'ticket.priority') return t(`ticket.priorities.${value}`);
  return t(`choices.${key.replace('.', '_')}.${value}`, { defaultValue: value });
}

/** A property's value in a list; null where there is none. */
export function columnText(
  t: TFunction,
  key: string,
  properties: readonly ViewProperty[],
  value: unknown,
  agents: AgentRef[],
  teams: TeamRef[],
): string | null {
  const property = properties.find((one) => one.key === key);
  if (value === null || value === undefined || property === undefined) return null;
  switch (property.type) {
    case 'time':
      return exact(String(value));
    case 'number':
      return property.label === null ? measured(Number(value)) : precise(Number(value));
    case 'date':
      return dayInZone(String(value));
    case 'choice':
      return choiceName(t, key, String(value), properties);
    case 'choices':
      return (value as string[]).map((one) => choiceName(t, key, one, properties)).join(', ') || null;
    case 'agent':
      return agents.find(({ id }) => id === value)?.name ?? t('ticket.someone');
    case 'team':
      return teams.find(({ id }) => id === value)?.name ?? t('ticket.goneTeam');
    case 'flag':
      return value === true ? propertyName(t, key, properties) : null;
    case 'skill':
      return (value as string[]).length > 0 ? String((value as string[]).length) : null;
    case 'tags':
      return (value as string[]).join(', ') || null;
    default:
      return String(value);
  }
}
