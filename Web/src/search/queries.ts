import { useInfiniteQuery } from '@tanstack/react-query';
import { search } from '../api/endpoints';
import type { SearchFilters } from '../api/types';

/** Hits of a search, newest first; asked anew each time, since what is found changes without a hint of its own. */
export function useSearch(q: string, filters: SearchFilters) {
  return useInfiniteQuery({
    queryKey: ['search', q, filters],
    queryFn: ({ pageParam, signal }) => search.find(q, filters, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: q.trim() !== '',
    staleTime: 5_000,
    placeholderData: (before) => before,
  });
}
