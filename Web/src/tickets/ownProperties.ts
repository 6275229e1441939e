import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { type OwnProperty, type OwnValue, ownProperties } from '../api/properties';
import type { Ticket } from '../api/types';
import { dayInZone, precise } from '../shared/dates';

export const ownKey = ['ticket-properties'];

const none: OwnProperty[] = [];

/** All that the account has defined, archived ones too. */
export function useOwnProperties(): OwnProperty[] {
  return (
    useQuery({ queryKey: ownKey, queryFn: ({ signal }) => ownProperties.list(signal), staleTime: 60_000 })
      .data ?? none
  );
}

/** A value in words; null: not known. */
export function ownText(
  t: TFunction,
  property: OwnProperty,
  value: OwnValue | null | undefined,
): string | null {
  if (value === null || value === undefined) return null;
  const label = (id: string) => property.choices.find((choice) => choice.id === id)?.label ?? '…';
  switch (property.type) {
    case 'flag':
      return t(`choices.flag.${String(value)}`);
    case 'choice':
      return label(String(value));
    case 'choices':
      return (value as string[]).map(label).join(', ') || null;
    case 'date':
      return dayInZone(String(value));
    case 'number':
      return precise(Number(value));
    default:
      return String(value);
  }
}

/** What is asked for before a ticket is closed: what of it is not known. */
export function askedOnClose(properties: OwnProperty[], ticket: Ticket): OwnProperty[] {
  return properties.filter(
    ({ id, askOnClose, archived }) => askOnClose && !archived && ticket.properties[id] === undefined,
  );
}
