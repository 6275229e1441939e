import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  useInfiniteQuery,
} from '@tanstack/react-query';
import { messages } from '../api/endpoints';
import type { Message, Page } from '../api/types';

export const messageKeys = {
  list: (threadId: string) => ['messages', threadId] as const,
};

export type MessagePages = InfiniteData<Page<Message>, string | undefined>;

const PAGE = 60;

/** Pages go from newest to oldest; a refetch walks all loaded pages, so older ticks are true as well. */
export function messagesQuery(threadId: string) {
  return infiniteQueryOptions({
    queryKey: messageKeys.list(threadId),
    queryFn: ({ pageParam, signal }) =>
      messages.list(threadId, { order: 'desc', before: pageParam, limit: PAGE, include: 'events' }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.nextCursor === null ? undefined : page.items.at(-1)?.cursor),
    // Hints keep it fresh while the feed is up; what was closed meanwhile is fetched when it is opened again.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useMessages(threadId: string) {
  return useInfiniteQuery(messagesQuery(threadId));
}

/** Oldest first, each once. */
export function inOrder(pages: Pick<MessagePages, 'pages'> | undefined): Message[] {
  const byId = new Map<string, Message>();
  for (const message of pages?.pages.flatMap((page) => page.items) ?? []) {
    if (!byId.has(message.id)) byId.set(message.id, message);
  }
  return [...byId.values()].reverse();
}

/** Shows an answer to a command at once; the next fetch brings the same. */
export function storeMessage(queryClient: QueryClient, threadId: string, message: Message): void {
  queryClient.setQueryData<MessagePages>(messageKeys.list(threadId), (data) => {
    const [first, ...rest] = data?.pages ?? [];
    if (!data || !first) return data;
    const known = data.pages.some((page) => page.items.some((other) => other.id === message.id));
    if (!known) return { ...data, pages: [{ ...first, items: [message, ...first.items] }, ...rest] };
    return {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        items: page.items.map((other) => (other.id === message.id ? message : other)),
      })),
    };
  });
}
