import { describe, expect, it } from 'vitest';
import type { Notice } from '../api/notices';
import { knownOf, newOf } from './newNotices';

const notice = (id: string, at: number, count = 1) =>
  ({ id, at: new Date(at * 1000).toISOString(), count }) as Notice;

describe('a new notice', () => {
  const known = knownOf([notice('b', 20), notice('a', 10, 2)]);

  it('is one that was not there, or one that more messages have joined', () => {
    expect(newOf([notice('c', 30), notice('a', 25, 3), notice('b', 20)], known).map(({ id }) => id)).toEqual([
      'c',
      'a',
    ]);
  });

  it('is none that was seen elsewhere, or has moved up from below', () => {
    expect(newOf([notice('b', 20), notice('old', 5)], known)).toEqual([]);
    expect(newOf([], known)).toEqual([]);
  });

  it('is the first one after an empty list', () => {
    expect(newOf([notice('a', 10)], knownOf([]))).toHaveLength(1);
  });
});
