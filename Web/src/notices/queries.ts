import { type InfiniteData, type QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type NoticePage, notices } from '../api/notices';
import { createStore } from '../shared/store';

export const noticeKeys = {
  root: ['notices'] as const,
  unseen: ['notices', 'unseen'] as const,
  all: ['notices', 'all'] as const,
};

const MINUTE = 60_000;
const SHOWN = 30;

/** Whether the panel of the bell is open. */
export const noticesOpen = createStore(false);

/** The newest of what the agent has not seen, and how much there is. The live feed says when that changes. */
export function useUnseen() {
  return useQuery({
    queryKey: noticeKeys.unseen,
    queryFn: ({ signal }) => notices.list({ limit: SHOWN }, signal),
    staleTime: MINUTE / 4,
    refetchInterval: MINUTE,
  });
}

/** Everything that is kept, page by page. */
export function useAllNotices(enabled: boolean) {
  return useInfiniteQuery({
    queryKey: noticeKeys.all,
    enabled,
    queryFn: ({ pageParam, signal }) =>
      notices.list({ all: true, limit: SHOWN, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
}

/** Seen at once; the server is told by whoever calls this, and its answer settles it. */
export function showSeen(
  queryClient: QueryClient,
  of: (notice: NoticePage['items'][number]) => boolean,
): void {
  const seenAt = new Date().toISOString();
  queryClient.setQueryData<NoticePage>(noticeKeys.unseen, (page) => {
    if (!page) return page;
    const items = page.items.filter((notice) => !of(notice));
    return { ...page, items, unseen: Math.max(0, page.unseen - (page.items.length - items.length)) };
  });
  queryClient.setQueryData<InfiniteData<NoticePage>>(
    noticeKeys.all,
    (all) =>
      all && {
        ...all,
        pages: all.pages.map((page) => ({
          ...page,
          items: page.items.map((notice) => (!notice.seenAt && of(notice) ? { ...notice, seenAt } : notice)),
        })),
      },
  );
}

/** Says that something is seen, and shows it so. */
export async function markSeen(
  queryClient: QueryClient,
  what: { id: string } | { threadId: string } | { upTo: string },
): Promise<void> {
  if ('id' in what) showSeen(queryClient, ({ id }) => id === what.id);
  else if ('threadId' in what) showSeen(queryClient, ({ thread }) => thread?.id === what.threadId);
  else showSeen(queryClient, ({ at }) => at <= what.upTo);
  try {
    await ('id' in what ? notices.seen(what.id) : notices.allSeen(what));
  } finally {
    void queryClient.invalidateQueries({ queryKey: noticeKeys.root });
  }
}
