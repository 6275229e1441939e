import type { QueryClient } from '@tanstack/react-query';
import { threads, tickets } from '../api/endpoints';
import type { Thread, Ticket, TicketChange } from '../api/types';
import { createStore } from '../shared/store';
import { reversed } from '../tickets/change';
import { storeThread } from './queries';

/** So many calls at once: quick, and one agent's share. */
const AT_ONCE = 6;

export interface Progress {
  done: number;
  failed: number;
  total: number;
}

/** The act that is under way; null: none. */
export const bulkProgress = createStore<Progress | null>(null);

let stopped = false;

export function stopBulk(): void {
  stopped = true;
}

/** Does the same to each, some at once, counting along. What was asked to stop leaves the rest as it is. */
async function each<T>(items: T[], act: (item: T) => Promise<unknown>): Promise<Progress> {
  stopped = false;
  const progress = { done: 0, failed: 0, total: items.length };
  bulkProgress.set({ ...progress });
  const waiting = [...items];
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined && !stopped; item = waiting.shift()) {
      try {
        await act(item);
        progress.done += 1;
      } catch {
        progress.failed += 1;
      }
      bulkProgress.set({ ...progress });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  bulkProgress.set(null);
  return progress;
}

/** Changes the tickets of some threads. What comes back takes it back. */
export async function changeAll(
  queryClient: QueryClient,
  chosen: Thread[],
  change: TicketChange,
): Promise<Progress & { undo: () => Promise<Progress> }> {
  const done: { thread: Thread; before: Ticket; version: number }[] = [];
  // On the version that was seen: what somebody did to a ticket meanwhile stays, and it counts as one that could not be changed.
  const apply = async (thread: Thread, ticket: string, what: TicketChange) => {
    const { version } = await tickets.change(ticket, what);
    storeThread(queryClient, await threads.one(thread.id), null);
    return version;
  };
  const progress = await each(chosen, async (thread) => {
    const before = thread.ticket;
    if (!before) return;
    const version = await apply(thread, before.id, { version: before.version, ...change });
    done.push({ thread, before, version });
  });
  const undo = () =>
    each(done, async ({ thread, before, version }) => {
      await apply(thread, before.id, { ...reversed(before, change), version });
    });
  return { ...progress, undo };
}

export function readAll(queryClient: QueryClient, chosen: Thread[]): Promise<Progress> {
  return each(chosen, async (thread) => {
    if (!thread.lastMessage) return;
    storeThread(queryClient, await threads.read(thread.id, thread.lastMessage.id), null);
  });
}
