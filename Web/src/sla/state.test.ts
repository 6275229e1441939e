import { describe, expect, it } from 'vitest';
import type { TicketSla } from '../api/types';
import { slaState } from './state';

const now = Date.parse('2026-03-10T09:00:00Z');

function sla(dueAt: string | null, paused = false): TicketSla {
  return {
    dueAt,
    awaits: dueAt ? 'first_response' : null,
    paused,
    firstResponseDueAt: dueAt,
    resolutionDueAt: null,
    firstResponseBreached: false,
    resolutionBreached: false,
  };
}

describe('how a promise stands', () => {
  it('goes from on time over soon to overdue, and to nothing when it was kept', () => {
    expect(slaState(sla('2026-03-10T10:00:01Z'), now)).toBe('onTime');
    expect(slaState(sla('2026-03-10T10:00:00Z'), now)).toBe('soon');
    expect(slaState(sla('2026-03-10T09:00:00Z'), now)).toBe('overdue');
    expect(slaState(sla(null, true), now)).toBe('paused');
    expect(slaState(sla(null), now)).toBe(null);
  });
});
