import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { threads, views } from '../api/endpoints';
import { errorCode } from '../api/problem';
import type { Me, Thread, View } from '../api/types';
import { peopleKeys } from '../people/queries';
import { serverClock } from '../shared/serverClock';
import { BY_ACTIVITY, viewKeys } from '../views/keys';
import { flatten, placeThread, type ThreadPages } from './lists';
import { belongs, isDefaultView } from './views';

export const threadKeys = {
  lists: ['threads', 'list'] as const,
  list: (view: string) => ['threads', 'list', view] as const,
  search: (q: string) => ['threads', 'search', q] as const,
  counts: ['threads', 'counts'] as const,
  one: (id: string) => ['threads', 'one', id] as const,
};

// The live feed says when something changed; time alone makes nothing stale.
const staleTime = Number.POSITIVE_INFINITY;

/** Sessions end without anybody doing anything: what they decide is asked for again. */
const BY_TIME_MS = 60_000;

export function threadListQuery(view: string) {
  return infiniteQueryOptions({
    queryKey: threadKeys.list(view),
    queryFn: ({ pageParam, signal }) => views.threads(view, { cursor: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime,
    refetchInterval: view === 'closing' || !isDefaultView(view) ? BY_TIME_MS : undefined,
  });
}

export function useThreadList(view: string) {
  return useInfiniteQuery(threadListQuery(view));
}

/** Threads by name or number, or the newest: what the palette offers. */
export function useFoundThreads(q: string) {
  return useQuery({
    queryKey: threadKeys.search(q),
    queryFn: async ({ signal }) =>
      (await threads.list({ filter: 'all', q: q || undefined, limit: 8 }, signal)).items,
    staleTime: 10_000,
  });
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

export function useViewCounts() {
  return useQuery({
    queryKey: threadKeys.counts,
    queryFn: ({ signal }) => views.counts(signal),
    staleTime,
    refetchInterval: BY_TIME_MS,
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
  const meId = queryClient.getQueryData<Me>(peopleKeys.me)?.agent?.id ?? null;
  for (const [key] of queryClient.getQueriesData<ThreadPages>({ queryKey: threadKeys.lists })) {
    const [, , view] = key as ReturnType<typeof threadKeys.list>;
    const matches = belongs(thread, view, meId, now);
    place(queryClient, view, thread, matches, openId);
    if (matches === null) askWhetherIn(queryClient, view, thread.id, openId);
  }
}

function place(
  queryClient: QueryClient,
  view: string,
  thread: Thread,
  matches: boolean | null,
  openId: string | null,
) {
  queryClient.setQueryData<ThreadPages>(threadKeys.list(view), (pages) =>
    pages ? placeThread(pages, thread, { matches, keepId: openId }) : pages,
  );
}

/** Views that people make are the server's to decide; one that nobody looks at is fetched when it is opened. */
function askWhetherIn(queryClient: QueryClient, view: string, threadId: string, openId: string | null): void {
  const queryKey = threadKeys.list(view);
  const shown = queryClient.getQueryCache().find({ queryKey })?.isActive();
  const made = queryClient.getQueryData<View[]>(viewKeys.list)?.find(({ id }) => id === view);
  const byActivity = !made || (made.descending && made.sort === BY_ACTIVITY);
  if (!shown || !byActivity) {
    void queryClient.invalidateQueries({ queryKey });
    return;
  }
  views.thread(view, threadId).then(
    (thread) => place(queryClient, view, thread, true, openId),
    (error) => {
      const thread = findThread(queryClient, threadId);
      if (thread && errorCode(error) === 'not_in_view') place(queryClient, view, thread, false, openId);
    },
  );
}

/** All thread ids that are in a cache now, for catching up by version. */
export function knownVersions(queryClient: QueryClient): Map<string, number> {
  const versions = new Map<string, number>();
  for (const [, pages] of queryClient.getQueriesData<ThreadPages>({ queryKey: threadKeys.lists })) {
    for (const thread of flatten(pages)) versions.set(thread.id, thread.version);
  }
  return versions;
}
