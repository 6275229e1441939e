import type { TFunction } from 'i18next';
import type { Skill } from '../api/assignment';
import type { OwnValue } from '../api/properties';
import type { Message } from '../api/types';
import { exact } from '../shared/dates';
import { ownText } from '../tickets/ownProperties';
import type { Names } from './useNames';
import { keyOf } from './who';

interface Told {
  from: unknown;
  to: unknown;
}

/** Who did what to the ticket, in one line. */
export function ticketLine(t: TFunction, message: Message, names: Names): string {
  const { agents, teams, skills } = names;
  const changes = (message.data?.changes ?? {}) as Record<string, Told>;
  const name = (id: unknown) => agents.find((agent) => agent.id === id)?.name ?? t('ticket.someone');
  const parts = Object.entries(changes).flatMap(([property, told]) => {
    const { to } = told;
    switch (property) {
      case 'status':
        return t('ticket.told.status', { value: t(`contact.status.${String(to)}`) });
      case 'priority':
        return t('ticket.told.priority', { value: t(`ticket.priorities.${String(to)}`) });
      case 'owner':
        return to === null ? t('ticket.told.unassigned') : t('ticket.told.owner', { value: name(to) });
      case 'team':
        return to === null
          ? t('ticket.told.noTeam')
          : t('ticket.told.team', {
              value: teams.find(({ id }) => id === to)?.name ?? t('ticket.goneTeam'),
            });
      case 'skills':
        return t('ticket.told.skills', {
          value: (to as string[]).map((need) => needText(need, skills)).join(', ') || '–',
        });
      case 'snoozedUntil':
        return to === null ? t('ticket.told.woken') : t('ticket.told.snoozed', { value: exact(String(to)) });
      case 'tags':
        return t('ticket.told.tags', { value: (to as string[]).join(', ') || '–' });
      case 'category':
        return t('ticket.told.category', { value: to ?? '–' });
      case 'subject':
        return t('ticket.told.subject', { value: to ?? '–' });
      case 'properties':
        return ownParts(t, told as unknown as Record<string, Told>, names);
      default:
        return property;
    }
  });
  if (message.data?.waits === true) parts.push(t('ticket.told.waits'));
  const who =
    message.agent?.name ?? keyOf(t, message.data) ?? byItself(t, message.data) ?? t('message.fromApi');
  return t('ticket.told.line', { who, what: parts.join(t('ticket.told.and')) });
}

/** Properties of the account's own, each with what it is now. */
function ownParts(t: TFunction, changes: Record<string, Told>, { properties }: Names): string[] {
  return Object.entries(changes).map(([id, { to }]) => {
    const property = properties.find((one) => one.id === id);
    return property
      ? t('ticket.told.property', {
          label: property.label,
          value: ownText(t, property, to as OwnValue | null) ?? '–',
        })
      : t('ownProperty.gone');
  });
}

/** What no person did: a rule, or what became of an owner or a team. */
function byItself(t: TFunction, data: Message['data']): string | null {
  if (typeof data?.rule === 'string') return t('ticket.told.rule', { name: data.rule });
  switch (data?.reason) {
    case 'away':
      return t('ticket.told.reasons.away');
    case 'owner_removed':
      return t('ticket.told.reasons.ownerRemoved');
    case 'team_removed':
      return t('ticket.told.reasons.teamRemoved');
    default:
      return null;
  }
}

/** As a ticket keeps its needs: the skill's id and the least level. */
function needText(need: string, skills: Skill[]): string {
  const [id, level] = need.split(':');
  return `${skills.find((skill) => skill.id === id)?.name ?? '…'} ${level}`;
}
