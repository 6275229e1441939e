import type { Message } from '../api/types';
import { createStore, useStore } from '../shared/store';

/** What the next message of a thread answers, while it is being written. */
const chosen = createStore<Record<string, Message>>({});

export function setReplyTo(threadId: string, message: Message | null): void {
  chosen.set(({ [threadId]: _before, ...others }) => (message ? { ...others, [threadId]: message } : others));
}

/** Null where the next message answers nothing in particular. */
export function replyToOf(threadId: string): Message | null {
  return chosen.get()[threadId] ?? null;
}

export function useReplyTo(threadId: string): Message | null {
  return useStore(chosen)[threadId] ?? null;
}
