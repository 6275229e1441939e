import { describe, expect, it } from 'vitest';
import type { Thread } from '../api/types';
import { aThread } from '../test/samples';
import { flatten, holdOrder, placeThread, type ThreadPages } from './lists';
import { belongs } from './views';

const now = Date.parse('2026-11-23T12:00:00.000Z');
const at = (minute: number) => new Date(now - minute * 60_000).toISOString();
const thread = (id: string, minute: number, over: Partial<Thread> = {}) =>
  aThread({ id, lastActivityAt: at(minute), ...over });

function pages(...items: Thread[][]): ThreadPages {
  return {
    pages: items.map((page, index) => ({
      items: page,
      nextCursor: index < items.length - 1 ? `${index}` : null,
    })),
    pageParams: items.map(() => undefined),
  };
}

const ids = (data: ThreadPages) => flatten(data).map(({ id }) => id);
const placing = { matches: true, keepId: null };

describe('a hinted thread in a cached list', () => {
  it('moves up with its new activity', () => {
    const data = pages([thread('a', 1), thread('b', 5)], [thread('c', 9)]);
    expect(ids(placeThread(data, thread('c', 0, { version: 2 }), placing))).toEqual(['c', 'a', 'b']);
  });

  it('never goes back to an older version', () => {
    const data = pages([thread('a', 1, { version: 5 })]);
    expect(placeThread(data, thread('a', 0, { version: 4 }), placing)).toBe(data);
  });

  it('comes in where it is new and leaves where it no longer belongs', () => {
    const data = pages([thread('a', 1, { unread: 1 })]);
    expect(ids(placeThread(data, thread('b', 0, { unread: 2 }), placing))).toEqual(['b', 'a']);
    expect(ids(placeThread(data, thread('a', 1, { version: 2 }), { ...placing, matches: false }))).toEqual(
      [],
    );
  });

  it('keeps its row while it is open', () => {
    const data = pages([thread('a', 1, { unread: 1 }), thread('b', 2, { unread: 1 })]);
    const kept = placeThread(data, thread('a', 1, { version: 2 }), {
      matches: false,
      keepId: 'a',
    });
    expect(ids(kept)).toEqual(['a', 'b']);
    expect(flatten(kept)[0]?.unread).toBe(0);
  });

  it('is only refreshed, not moved, where nobody knows yet whether it belongs', () => {
    const data = pages([thread('a', 1), thread('b', 5)]);
    const found = placeThread(data, thread('b', 0, { version: 2 }), { ...placing, matches: null });
    expect(ids(found)).toEqual(['a', 'b']);
  });

  it('waits for its page where it is older than everything loaded', () => {
    const data: ThreadPages = {
      pages: [{ items: [thread('a', 1)], nextCursor: 'more' }],
      pageParams: [undefined],
    };
    expect(ids(placeThread(data, thread('z', 99), placing))).toEqual(['a']);
  });
});

describe('a list that holds still', () => {
  it('keeps places, takes fresh content, counts what waits above', () => {
    const shown = [thread('a', 1), thread('b', 2), thread('c', 3)];
    const fresh = [thread('x', 0), thread('a', 1), thread('b', 2, { unread: 4 }), thread('c', 3)];
    const { rows, waiting } = holdOrder(shown, fresh);
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(rows[1]?.unread).toBe(4);
    expect(waiting).toBe(1);
  });

  it('does not move a row that got a new message', () => {
    const { rows } = holdOrder([thread('a', 1), thread('b', 2)], [thread('b', 0), thread('a', 1)]);
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('lets further pages come in below', () => {
    const { rows, waiting } = holdOrder([thread('a', 1)], [thread('a', 1), thread('b', 2)]);
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(waiting).toBe(0);
  });
});

it('closing means two hours or less, by the clock and not by the flag', () => {
  const ending = (minutes: number) =>
    aThread({
      session: { open: true, openedAt: null, endsAt: new Date(now + minutes * 60_000).toISOString() },
    });
  expect(belongs(ending(119), 'closing', null, now)).toBe(true);
  expect(belongs(ending(121), 'closing', null, now)).toBe(false);
  expect(belongs(ending(-1), 'closing', null, now)).toBe(false);
});

it('a default view knows its threads, and leaves those of people to the server', () => {
  const ticket = aThread().ticket;
  if (!ticket) throw new Error('the sample has a ticket');
  const with_ = (over: Partial<typeof ticket>) => aThread({ ticket: { ...ticket, ...over } });
  const mine = with_({ owner: { id: 'me', name: 'Emma' } });
  const views = (of: Thread) =>
    ['open', 'unassigned', 'mine', 'snoozed', 'closed'].filter((view) => belongs(of, view, 'me', now));
  expect(views(mine)).toEqual(['open', 'mine']);
  expect(views(with_({}))).toEqual(['open', 'unassigned']);
  expect(views(with_({ snoozedUntil: at(-60) }))).toEqual(['snoozed']);
  expect(views(with_({ status: 'closed' }))).toEqual(['closed']);
  expect(belongs(mine, 'mentions', 'me', now)).toBeNull();
  expect(belongs(mine, '0123456789abcdef', 'me', now)).toBeNull();
});
