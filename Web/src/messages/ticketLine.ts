import type { TFunction } from 'i18next';
import type { AgentRef, Message } from '../api/types';
import { exact } from '../shared/dates';

interface Told {
  from: unknown;
  to: unknown;
}

/** Who did what to the ticket, in one line. */
export function ticketLine(t: TFunction, message: Message, agents: AgentRef[]): string {
  const changes = (message.data?.changes ?? {}) as Record<string, Told>;
  const name = (id: unknown) => agents.find((agent) => agent.id === id)?.name ?? t('ticket.someone');
  const parts = Object.entries(changes).map(([property, { to }]) => {
    switch (property) {
      case 'status':
        return t('ticket.told.status', { value: t(`contact.status.${String(to)}`) });
      case 'priority':
        return t('ticket.told.priority', { value: t(`ticket.priorities.${String(to)}`) });
      case 'owner':
        return to === null ? t('ticket.told.unassigned') : t('ticket.told.owner', { value: name(to) });
      case 'snoozedUntil':
        return to === null ? t('ticket.told.woken') : t('ticket.told.snoozed', { value: exact(String(to)) });
      case 'tags':
        return t('ticket.told.tags', { value: (to as string[]).join(', ') || '–' });
      case 'category':
        return t('ticket.told.category', { value: to ?? '–' });
      case 'subject':
        return t('ticket.told.subject', { value: to ?? '–' });
      default:
        return property;
    }
  });
  const who = message.agent?.name ?? t('message.fromApi');
  return t('ticket.told.line', { who, what: parts.join(t('ticket.told.and')) });
}
