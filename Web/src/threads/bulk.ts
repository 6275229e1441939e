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
  const before = new Map<string, Ticket>();
  const apply = async (thread: Thread, what: TicketChange) => {
    if (!thread.ticket) return;
    await tickets.change(thread.ticket.id, what);
    storeThread(queryClient, await threads.one(thread.id), null);
  };
  const progress = await each(chosen, async (thread) => {
    await apply(thread, change);
    if (thread.ticket) before.set(thread.id, thread.ticket);
  });
  const undo = () =>
    each(
      chosen.filter(({ id }) => before.has(id)),
      async (thread) => {
        const was = before.get(thread.id);
        if (was) await apply(thread, reversed(was, change));
      },
    );
  return { ...progress, undo };
}

export function readAll(queryClient: QueryClient, chosen: Thread[]): Promise<Progress> {
  return each(chosen, async (thread) => {
    if (!thread.lastMessage) return;
    storeThread(queryClient, await threads.read(thread.id, thread.lastMessage.id), null);
  });
}
