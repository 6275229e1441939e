import { useEffect, useSyncExternalStore } from 'react';
import { live } from '../api/endpoints';
import { createStore } from '../shared/store';

export type PresenceState = 'viewing' | 'typing' | 'left';

export interface PresenceMessage {
  type: 'presence';
  id: string;
  person: { id: string; name: string; state: PresenceState; asks: boolean };
}

/** Somebody else at a thread, until they were last heard of long enough ago. */
export interface Colleague {
  id: string;
  name: string;
  typing: boolean;
}

interface Heard {
  name: string;
  state: PresenceState;
  /** On the monotonic clock. */
  at: number;
}

/** Told anew every so often while one stays; whoever was not heard for twice as long has gone. */
const TELL_MS = 15_000;
const GONE_MS = 35_000;
const TYPING_MS = 9_000;

const heard = createStore<Record<string, Record<string, Heard>>>({});

/** The thread that is open here, and how it is told of. */
let here: { threadId: string; typing: boolean } | null = null;

function tell(threadId: string, state: PresenceState, asks = false): void {
  live.presence(threadId, { state, asks }).catch(() => undefined);
}

/** Takes what the feed says of colleagues; who has just come is told who is here. */
export function hearPresence({ id, person }: PresenceMessage, meId: string | undefined): void {
  if (person.id === meId) return;
  heard.set((all) => ({
    ...all,
    [id]: { ...all[id], [person.id]: { name: person.name, state: person.state, at: performance.now() } },
  }));
  if (person.asks && here?.threadId === id) tell(id, here.typing ? 'typing' : 'viewing');
}

/** Tells the others that this thread is looked at, for as long as it is. */
export function useTellPresence(threadId: string): void {
  useEffect(() => {
    here = { threadId, typing: false };
    tell(threadId, 'viewing', true);
    const timer = window.setInterval(() => {
      if (document.visibilityState === 'visible') tell(threadId, here?.typing ? 'typing' : 'viewing');
    }, TELL_MS);
    return () => {
      window.clearInterval(timer);
      here = null;
      tell(threadId, 'left');
    };
  }, [threadId]);
}

let stops: number | undefined;
let toldAt = 0;

/** A key was pressed in the editor: told at once, then every few seconds, and taken back after a pause. */
export function tellTyping(threadId: string): void {
  if (here?.threadId !== threadId) return;
  const now = performance.now();
  if (!here.typing || now - toldAt > TYPING_MS / 3) {
    here.typing = true;
    toldAt = now;
    tell(threadId, 'typing');
  }
  window.clearTimeout(stops);
  stops = window.setTimeout(() => {
    if (here?.threadId !== threadId) return;
    here.typing = false;
    tell(threadId, 'viewing');
  }, TYPING_MS / 2);
}

export function colleaguesAt(of: Record<string, Heard> | undefined, now: number): Colleague[] {
  return Object.entries(of ?? {})
    .filter(([, { state, at }]) => state !== 'left' && now - at < GONE_MS)
    .map(([id, { name, state, at }]) => ({ id, name, typing: state === 'typing' && now - at < TYPING_MS }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

const ticks = new Set<() => void>();
let ticking: number | undefined;

function subscribe(listener: () => void): () => void {
  ticks.add(listener);
  ticking ??= window.setInterval(() => {
    for (const tick of ticks) tick();
  }, 2_000);
  const stop = heard.subscribe(listener);
  return () => {
    stop();
    ticks.delete(listener);
    if (ticks.size > 0) return;
    window.clearInterval(ticking);
    ticking = undefined;
  };
}

/** Who else is at a thread now. */
export function useColleagues(threadId: string): Colleague[] {
  const shown = useSyncExternalStore(subscribe, () =>
    JSON.stringify(colleaguesAt(heard.get()[threadId], performance.now())),
  );
  return JSON.parse(shown) as Colleague[];
}
