import type { TicketSla } from '../api/types';

export type SlaState = 'overdue' | 'soon' | 'onTime' | 'paused';

/** Within this time of being due a ticket presses. */
export const SOON = 60 * 60_000;

/** How a promise stands now; null: nothing is promised any more. */
export function slaState(sla: TicketSla, now: number): SlaState | null {
  if (sla.paused) return 'paused';
  if (sla.dueAt === null) return null;
  const left = Date.parse(sla.dueAt) - now;
  return left <= 0 ? 'overdue' : left <= SOON ? 'soon' : 'onTime';
}
