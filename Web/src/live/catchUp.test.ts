import { expect, it } from 'vitest';
import { changedIds } from './catchUp';

it('fetches what has another version, whichever way, and nothing that is gone', () => {
  const shown = new Map([
    ['same', 3],
    ['newer', 3],
    ['gone', 3],
  ]);
  expect(changedIds(shown, { same: 3, newer: 5 })).toEqual(['newer']);
});
