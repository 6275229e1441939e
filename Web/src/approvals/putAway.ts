import { readStored, writeStored } from '../shared/storage';
import { createStore } from '../shared/store';

const KEY = 'threadkeep.approvals.away';
const MOST = 200;

/** What came back and its author has dealt with, in this browser. */
export const awayStore = createStore<readonly string[]>(readStored<string[]>(KEY) ?? []);

export function putAway(id: string): void {
  awayStore.set((all) => [...all, id].slice(-MOST));
  writeStored(KEY, awayStore.get());
}
