import { serverClock } from '../shared/serverClock';
import { parsed, readStored, storedKeys, writeStored } from '../shared/storage';
import { createStore, type Store, useStore } from '../shared/store';
import { noteChanged } from './draftSync';

/** What an agent has begun to write in a thread; survives reload, sign-out and the end of the session. */
export interface Draft {
  text: string;
  /** Server time up to which the agent knew the thread: answers by others after it are worth a warning. */
  basedOn: number;
  /** Server time of the last key; what is newer counts, in whichever browser it was written. */
  changedAt?: number;
}

export type Drafts = Record<string, Draft>;

const NOTE = 'note ';

/** A note that has been begun is kept beside the reply. */
export function noteKey(threadId: string): string {
  return NOTE + threadId;
}

/** What a key of the drafts names. */
export function draftPlace(key: string): { threadId: string; kind: 'reply' | 'note' } {
  return key.startsWith(NOTE)
    ? { threadId: key.slice(NOTE.length), kind: 'note' }
    : { threadId: key, kind: 'reply' };
}

/** The drafts with this text in one thread; nothing but blanks is no draft. */
export function withText(drafts: Drafts, threadId: string, text: string, now: number): Drafts {
  const { [threadId]: before, ...others } = drafts;
  if (text === '') return before ? others : drafts;
  return { ...drafts, [threadId]: { text, basedOn: before?.basedOn ?? now, changedAt: now } };
}

/** The agent has seen what others wrote meanwhile. */
export function confirmed(drafts: Drafts, threadId: string, now: number): Drafts {
  const draft = drafts[threadId];
  return draft ? { ...drafts, [threadId]: { ...draft, basedOn: now } } : drafts;
}

/** A refused message's text comes back in front of whatever was begun since. */
export function withReturned(drafts: Drafts, threadId: string, text: string, now: number): Drafts {
  const begun = drafts[threadId]?.text;
  return withText(drafts, threadId, begun ? `${text}\n${begun}` : text, now);
}

const stores = new Map<string, Store<Drafts>>();

/** One item a draft: another tab of the same agent writes its own, and neither takes the other's away. */
const prefixOf = (agentId: string) => `threadkeep.draft.${agentId}.`;

function readDrafts(agentId: string): Drafts {
  const prefix = prefixOf(agentId);
  const kept = storedKeys(prefix).map((key) => [key.slice(prefix.length), readStored<Draft>(key)] as const);
  return Object.fromEntries(kept.filter(([, draft]) => draft !== null)) as Drafts;
}

/** What another tab has made of a draft: its words count where they are the later ones, and its end where nothing else was written here. */
export function fromOtherTab(drafts: Drafts, key: string, was: Draft | null, is: Draft | null): Drafts {
  const here = drafts[key];
  if (is) return (here?.changedAt ?? 0) < (is.changedAt ?? 0) ? { ...drafts, [key]: is } : drafts;
  if (!here || here.text !== was?.text) return drafts;
  const { [key]: _ended, ...others } = drafts;
  return others;
}

/** Per agent: whoever signs in next on this machine must not find them. */
export function draftsOf(agentId: string): Store<Drafts> {
  let store = stores.get(agentId);
  if (!store) {
    const prefix = prefixOf(agentId);
    store = createStore(readDrafts(agentId));
    const created = store;
    let before = created.get();
    // Another tab has stored its draft itself: written back, it would be on top of a key that has been pressed there since.
    let elsewhere = false;
    created.subscribe(() => {
      const now = created.get();
      const changed = Object.keys({ ...before, ...now }).filter((key) => before[key] !== now[key]);
      before = now;
      if (elsewhere) return;
      for (const key of changed) writeStored(prefix + key, now[key] ?? null);
      noteChanged(agentId, changed);
    });
    window.addEventListener('storage', ({ key, oldValue, newValue }) => {
      if (!key?.startsWith(prefix)) return;
      elsewhere = true;
      try {
        created.set((all) =>
          fromOtherTab(all, key.slice(prefix.length), parsed<Draft>(oldValue), parsed<Draft>(newValue)),
        );
      } finally {
        elsewhere = false;
      }
    });
    stores.set(agentId, store);
  }
  return store;
}

export function useDraft(agentId: string, threadId: string) {
  const store = draftsOf(agentId);
  const drafts = useStore(store);
  return {
    draft: drafts[threadId] ?? null,
    othersBegun: Object.keys(drafts).some((id) => id !== threadId && !id.startsWith(NOTE)),
    setText: (text: string) => store.set((all) => withText(all, threadId, text, serverClock.now())),
    confirm: () => store.set((all) => confirmed(all, threadId, serverClock.now())),
  };
}
