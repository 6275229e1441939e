import { serverClock } from '../shared/serverClock';
import { readStored, writeStored } from '../shared/storage';
import { createStore, type Store, useStore } from '../shared/store';
import { followDrafts } from './draftSync';

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

/** Per agent: whoever signs in next on this machine must not find them. */
export function draftsOf(agentId: string): Store<Drafts> {
  let store = stores.get(agentId);
  if (!store) {
    const key = `threadkeep.drafts.${agentId}`;
    store = createStore(readStored<Drafts>(key) ?? {});
    const created = store;
    created.subscribe(() => writeStored(key, created.get()));
    followDrafts(agentId, created);
    // Another tab of the same agent writes as well: its drafts are taken over, so that none is lost.
    window.addEventListener('storage', (event) => {
      if (event.key === key) created.set(readStored<Drafts>(key) ?? {});
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
