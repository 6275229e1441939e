import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { threads } from '../api/endpoints';
import type { Thread, ThreadFilter } from '../api/types';
import { serverClock } from '../shared/serverClock';
import { flatten, placeThread, type ThreadPages } from './lists';

export const threadKeys = {
  lists: ['threads', 'list'] as const,
  list: (filter: ThreadFilter, q: string) => ['threads', 'list', filter, q] as const,
  counts: ['threads', 'counts'] as const,
  one: (id: string) => ['threads', 'one', id] as const,
};

// The live feed says when something changed; time alone makes nothing stale.
const staleTime = Number.POSITIVE_INFINITY;

export function threadListQuery(filter: ThreadFilter, q: string) {
  return infiniteQueryOptions({
    queryKey: threadKeys.list(filter, q),
    queryFn: ({ pageParam, signal }) =>
      threads.list({ filter, q: q || undefined, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime,
  });
}

export function useThreadList(filter: ThreadFilter, q: string) {
  return useInfiniteQuery(threadListQuery(filter, q));
}

export function threadQuery(queryClient: QueryClient, id: string) {
  return queryOptions<Thread, Error, Thread, ReturnType<typeof threadKeys.one>>({
    queryKey: threadKeys.one(id),
    queryFn: async ({ signal }) => newer(queryClient, await threads.one(id, signal)),
    // Opens from the list's cache at once, and settles.
    placeholderData: () => findThread(queryClient, id),
    staleTime,
  });
}

export function useThreadCounts() {
  return useQuery({
    queryKey: threadKeys.counts,
    queryFn: ({ signal }) => threads.counts(signal),
    staleTime,
  });
}

/** Whatever the caches know of a thread, the newest version of it. */
export function findThread(queryClient: QueryClient, id: string): Thread | undefined {
  const one = queryClient.getQueryData<Thread>(threadKeys.one(id));
  const listed = queryClient
    .getQueriesData<ThreadPages>({ queryKey: threadKeys.lists })
    .flatMap(([, pages]) => flatten(pages).filter((thread) => thread.id === id));
  return [one, ...listed].reduce((best, thread) => {
    if (!thread) return best;
    return !best || thread.version > best.version ? thread : best;
  }, undefined);
}

/** Two answers may overtake each other: the higher version is the later truth. */
function newer(queryClient: QueryClient, thread: Thread): Thread {
  const known = queryClient.getQueryData<Thread>(threadKeys.one(thread.id));
  return known && known.version > thread.version ? known : thread;
}

/** Puts a thread's fresh state into every cache that shows it. */
export function storeThread(queryClient: QueryClient, thread: Thread, openId: string | null): void {
  queryClient.setQueryData(threadKeys.one(thread.id), newer(queryClient, thread));
  const now = serverClock.now();
  for (const [key] of queryClient.getQueriesData<ThreadPages>({ queryKey: threadKeys.lists })) {
    const [, , filter, q] = key as ReturnType<typeof threadKeys.list>;
    queryClient.setQueryData<ThreadPages>(key, (pages) =>
      pages ? placeThread(pages, thread, { filter, searching: q !== '', now, keepId: openId }) : pages,
    );
  }
}

/** All thread ids that are in a cache now, for catching up by version. */
export function knownVersions(queryClient: QueryClient): Map<string, number> {
  const versions = new Map<string, number>();
  for (const [, pages] of queryClient.getQueriesData<ThreadPages>({ queryKey: threadKeys.lists })) {
    for (const thread of flatten(pages)) versions.set(thread.id, thread.version);
  }
  return versions;
}
