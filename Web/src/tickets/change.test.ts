import { expect, it } from 'vitest';
import { aThread } from '../test/samples';
import { applied, reversed } from './change';
import { snoozeTime } from './snooze';

const ticket = aThread().ticket;
if (!ticket) throw new Error('the sample has a ticket');

it('what a change takes back is what it changed', () => {
  const before = {
    ...ticket,
    tags: ['vip'],
    owner: { id: 'a', name: 'Aoi' },
    snoozedUntil: '2026-11-28T00:00:00Z',
  };
  const change = { ownerId: null, addTags: ['late'], priority: 'high' } as const;
  expect(reversed(before, { ...change, addTags: ['late'] })).toEqual({
    ownerId: 'a',
    tags: ['vip'],
    priority: 'normal',
  });
  // Closing ends a snooze; taken back, it is put off again.
  expect(reversed(before, { status: 'closed' })).toEqual({
    status: 'new',
    snoozedUntil: '2026-11-28T00:00:00Z',
  });
});

it("the account's own properties are set one by one, and set back", () => {
  const before = { ...ticket, properties: { a: 1, b: 'x' } };
  const change = { properties: { a: null, c: ['y'] } };
  expect(applied(before, change, { owner: null, team: null }).properties).toEqual({ b: 'x', c: ['y'] });
  expect(reversed(before, change)).toEqual({ properties: { a: 1, c: null } });
});

it('a change is seen before it is answered', () => {
  const after = applied(
    ticket,
    { ownerId: 'b', addTags: ['x'], removeTags: ['y'], status: 'closed' },
    { owner: 'Bo', team: null },
  );
  expect(after).toMatchObject({
    owner: { id: 'b', name: 'Bo' },
    tags: ['x'],
    status: 'closed',
    snoozedUntil: null,
    sla: null,
  });
});

it('a ticket handed to a team is nobody’s, and goes back to whoever had it', () => {
  const before = { ...ticket, owner: { id: 'a', name: 'Aoi' } };
  const change = { teamId: 't', ownerId: null };
  expect(applied(before, change, { owner: null, team: '請求' })).toMatchObject({
    owner: null,
    team: { id: 't', name: '請求' },
  });
  expect(reversed(before, change)).toEqual({ teamId: null, ownerId: 'a' });
});

it('a snooze ends in the morning, on the reader’s own clock', () => {
  const friday = new Date(2026, 10, 27, 16, 30).getTime();
  expect(snoozeTime('tomorrow', friday)).toEqual(new Date(2026, 10, 28, 9, 0));
  expect(snoozeTime('monday', friday)).toEqual(new Date(2026, 10, 30, 9, 0));
  expect(snoozeTime('monday', new Date(2026, 10, 30, 8).getTime())).toEqual(new Date(2026, 11, 7, 9, 0));
  expect(snoozeTime('hour', friday)).toEqual(new Date(2026, 10, 27, 17, 30));
});
