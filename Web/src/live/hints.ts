import type { QueryClient } from '@tanstack/react-query';
import { threads } from '../api/endpoints';
import type { Thread } from '../api/types';
import { messageKeys } from '../messages/queries';
import { recordKeys } from '../records/queries';
import { findThread, storeThread, threadKeys } from '../threads/queries';

const GATHER_MS = 120;
const COUNTS_MS = 1000;
/** A burst (a broadcast, a busy hour) refreshes the lists once instead of fetching thread by thread. */
const BURST = 12;

/** An answer that was asked for before the hint, for a thread that is not open, would count as fresh when it came. */
async function forget(queryClient: QueryClient, threadId: string): Promise<void> {
  const queryKey = messageKeys.list(threadId);
  await queryClient.cancelQueries({ queryKey, type: 'inactive' });
  await queryClient.invalidateQueries({ queryKey });
}

/** Takes hints about threads, gathers them for a moment, and fetches what is really newer. */
export function createHints(queryClient: QueryClient, openId: () => string | null) {
  const waiting = new Map<string, number>();
  let gather: number | undefined;
  let counts: number | undefined;

  const flush = async () => {
    gather = undefined;
    const hinted = [...waiting];
    waiting.clear();
    // Always, even where the thread itself is known in this version: a list may have brought it alone.
    for (const [id] of hinted) void forget(queryClient, id);
    const open = openId();
    // A list that was fetched meanwhile may know more than the thread that is open.
    const known = (id: string) =>
      (queryClient.getQueryData<Thread>(threadKeys.one(id)) ?? findThread(queryClient, id))?.version ?? 0;
    const ids = hinted.filter(([id, version]) => known(id) < version).map(([id]) => id);
    const singly = ids.length <= BURST ? ids : ids.filter((id) => id === open);
    if (ids.length > BURST) void queryClient.invalidateQueries({ queryKey: threadKeys.lists });
    const answers = await Promise.allSettled(singly.map((id) => threads.one(id)));
    for (const answer of answers) {
      if (answer.status === 'fulfilled') storeThread(queryClient, answer.value, openId());
    }
    // What could not be fetched singly comes with the lists, once the server answers again.
    if (answers.some((answer) => answer.status === 'rejected')) {
      void queryClient.invalidateQueries({ queryKey: threadKeys.lists });
    }
  };

  return {
    thread(id: string, version: number) {
      waiting.set(id, Math.max(version, waiting.get(id) ?? 0));
      gather ??= window.setTimeout(flush, GATHER_MS);
      counts ??= window.setTimeout(() => {
        counts = undefined;
        void queryClient.invalidateQueries({ queryKey: threadKeys.counts });
        void queryClient.invalidateQueries({ queryKey: recordKeys.open });
      }, COUNTS_MS);
    },
    close() {
      window.clearTimeout(gather);
      window.clearTimeout(counts);
    },
  };
}
