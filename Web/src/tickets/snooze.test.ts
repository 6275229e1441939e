import { expect, it } from 'vitest';
import { localInput } from '../shared/dates';
import { snoozeTime } from './snooze';

it('a field for date and time holds the reader’s own clock, to the minute', () => {
  const at = new Date(2026, 0, 5, 7, 4, 59);
  expect(localInput(at.getTime())).toBe('2026-01-05T07:04');
  expect(Date.parse(localInput(at.getTime()))).toBe(new Date(2026, 0, 5, 7, 4).getTime());
});

it('the usual times lie ahead, mornings at nine', () => {
  // A Monday: "Monday" is the next one.
  const now = new Date(2026, 0, 5, 10, 30).getTime();
  expect(localInput(snoozeTime('hour', now).getTime())).toBe('2026-01-05T11:30');
  expect(localInput(snoozeTime('tomorrow', now).getTime())).toBe('2026-01-06T09:00');
  expect(localInput(snoozeTime('monday', now).getTime())).toBe('2026-01-12T09:00');
});
