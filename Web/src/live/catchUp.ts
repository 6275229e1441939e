import type { QueryClient } from '@tanstack/react-query';
import { threads } from '../api/endpoints';
import { messageKeys } from '../messages/queries';
import { quotaKeys } from '../quota/queries';
import { knownVersions, storeThread, threadKeys } from '../threads/queries';

/** More than this many changed threads are fetched as lists, not one by one. */
const SINGLY = 8;

/** The most ids one request may name (docs/api.md, Live feed). */
const MOST_IDS = 200;

/** Ids whose version differs from the one that is shown; the open thread always counts as changed. */
export function changedIds(shown: Map<string, number>, server: Record<string, number>): string[] {
  return [...shown]
    .filter(([id, version]) => server[id] !== undefined && server[id] !== version)
    .map(([id]) => id);
}

/**
 * After a (re)connect: compares versions, never "rows after the largest id" (a lower id can commit
 * later), and fetches what differs. What is kept and not shown is fetched when it is shown again: nobody said what changed of it. Resolves when the open thread is true again; throws if it could not be.
 */
export async function catchUp(queryClient: QueryClient, openId: string | null): Promise<void> {
  void doubtUnseen(queryClient);
  if (openId) await refreshOpenThread(queryClient, openId);
  const shown = knownVersions(queryClient);
  const ids = [...shown.keys()].slice(0, MOST_IDS);
  const changed = ids.length > 0 ? changedIds(shown, await threads.versions(ids)) : [];
  if (changed.length > SINGLY || shown.size > MOST_IDS) {
    await queryClient.invalidateQueries({ queryKey: threadKeys.lists });
  } else {
    const fetched = await Promise.all(changed.map((id) => threads.one(id)));
    for (const thread of fetched) storeThread(queryClient, thread, openId);
    // Threads that are new altogether have no version here: the list's first page brings them.
    void queryClient.invalidateQueries({ queryKey: threadKeys.lists });
  }
  void queryClient.invalidateQueries({ queryKey: threadKeys.counts });
  void queryClient.invalidateQueries({ queryKey: quotaKeys.root });
}

async function doubtUnseen(queryClient: QueryClient): Promise<void> {
  await queryClient.cancelQueries({ type: 'inactive' });
  await queryClient.invalidateQueries({ type: 'inactive', refetchType: 'none' });
}

async function refreshOpenThread(queryClient: QueryClient, id: string): Promise<void> {
  const [thread] = await Promise.all([
    threads.one(id),
    queryClient.invalidateQueries({ queryKey: messageKeys.list(id) }, { throwOnError: true }),
  ]);
  storeThread(queryClient, thread, id);
}
