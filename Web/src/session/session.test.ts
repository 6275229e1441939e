import { describe, expect, it } from 'vitest';
import { remainingKey, remainingValues, sessionAt } from './session';

const endsAt = '2026-11-24T01:00:00.000Z';
const end = Date.parse(endsAt);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the session', () => {
  it('is open until the very end and closed at it', () => {
    expect(sessionAt(endsAt, end - 1).state).toBe('closing');
    expect(sessionAt(endsAt, end).state).toBe('closed');
  });

  it('is closing from two hours on', () => {
    expect(sessionAt(endsAt, end - 2 * HOUR - 1).state).toBe('open');
    expect(sessionAt(endsAt, end - 2 * HOUR).state).toBe('closing');
  });

  it('is closed where the customer never wrote, or the end cannot be read', () => {
    expect(sessionAt(null, 0).state).toBe('closed');
    expect(sessionAt('soon', 0).state).toBe('closed');
  });

  it('is open for a message stamped ahead of the clock, with no more than a day left', () => {
    const view = sessionAt(endsAt, end - (24 * HOUR + 5 * MINUTE));
    expect(view).toEqual({ state: 'open', hours: 24, minutes: 0 });
  });

  it('counts hours and minutes down, two digits after hours', () => {
    const view = sessionAt(endsAt, end - (21 * HOUR + 4 * MINUTE + 59_000));
    expect(remainingKey(view)).toBe('hours');
    expect(remainingValues(view)).toEqual({ hours: 21, minutes: '04' });
    expect(remainingValues(sessionAt(endsAt, end - 4 * MINUTE))).toEqual({ hours: 0, minutes: '4' });
    expect(remainingKey(sessionAt(endsAt, end - 59_000))).toBe('soon');
  });
});
