import { drafts as doors } from '../api/endpoints';
import { ProblemError } from '../api/problem';
import type { StoredDraft } from '../api/types';
import { serverClock } from '../shared/serverClock';
import { readStored, storedKeys, writeStored } from '../shared/storage';
import { type Drafts, draftPlace, draftsOf, noteKey } from './drafts';

/**
 * Drafts live in the browser, where no key waits for the network; the server has a copy, so that another browser
 * can go on. What was changed here and has not reached the server yet is remembered across a reload.
 */
const QUIET_MS = 1200;
const RETRY_MS = 10_000;

const dirtyPrefix = (agentId: string) => `threadkeep.unsaved-draft.${agentId}.`;
const timers = new Map<string, number>();
let taking = false;

function dirtyOf(agentId: string): Record<string, number> {
  const prefix = dirtyPrefix(agentId);
  return Object.fromEntries(
    storedKeys(prefix).map((key) => [key.slice(prefix.length), readStored<number>(key) ?? 0]),
  );
}

/** Takes what the server has where it is newer, and leaves what was changed here since. */
export function merged(local: Drafts, stored: StoredDraft[], dirty: Record<string, number>): Drafts {
  const next: Drafts = {};
  // What the server has no more was sent or cleared in another browser.
  for (const [key, draft] of Object.entries(local)) {
    const kept = stored.some((one) => keyOf(one) === key);
    if (kept || key in dirty || draft.changedAt === undefined) next[key] = draft;
  }
  for (const one of stored) {
    const key = keyOf(one);
    if (key in dirty) continue;
    const changedAt = Date.parse(one.changedAt);
    if ((next[key]?.changedAt ?? 0) < changedAt) {
      next[key] = { text: one.text, basedOn: Date.parse(one.basedOn), changedAt };
    }
  }
  return next;
}

function keyOf({ threadId, kind }: StoredDraft): string {
  return kind === 'note' ? noteKey(threadId) : threadId;
}

/** Fetches the drafts after a (re)connect, and when one has ended in another browser. */
export async function syncDrafts(agentId: string | undefined): Promise<void> {
  if (!agentId) return;
  try {
    const stored = await doors.list();
    const store = draftsOf(agentId);
    taking = true;
    store.set((local) => merged(local, stored, dirtyOf(agentId)));
  } catch {
    // They are in this browser all the same.
  } finally {
    taking = false;
  }
  for (const key of Object.keys(dirtyOf(agentId))) push(agentId, key);
}

/** Drafts were changed here: each goes to the server a moment after the last key. */
export function noteChanged(agentId: string, keys: string[]): void {
  if (taking) return;
  for (const key of keys) {
    writeStored(dirtyPrefix(agentId) + key, serverClock.now());
    schedule(agentId, key, QUIET_MS);
  }
}

function schedule(agentId: string, key: string, wait: number): void {
  window.clearTimeout(timers.get(key));
  timers.set(
    key,
    window.setTimeout(() => push(agentId, key), wait),
  );
}

function push(agentId: string, key: string): void {
  const since = dirtyOf(agentId)[key];
  if (since === undefined) return;
  const draft = draftsOf(agentId).get()[key];
  const { threadId, kind } = draftPlace(key);
  const changedAt = new Date(draft?.changedAt ?? since).toISOString();
  const basedOn = new Date(draft?.basedOn ?? since).toISOString();
  doors.save(threadId, kind, { text: draft?.text ?? '', basedOn, changedAt }).then(
    () => clean(agentId, key, since),
    (error) => {
      // A thread that one may not see any more takes no draft; anything else is tried again.
      if (error instanceof ProblemError && error.problem.status < 500 && error.code !== 'not_signed_in')
        clean(agentId, key, since);
      else schedule(agentId, key, RETRY_MS);
    },
  );
}

function clean(agentId: string, key: string, since: number): void {
  const item = dirtyPrefix(agentId) + key;
  if (readStored<number>(item) === since) writeStored(item, null);
}
