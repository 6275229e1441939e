import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { leftovers, operations } from '../api/endpoints';

export const operationsKeys = { root: ['operations'] as const, leftovers: ['leftovers'] as const };

/** Figures for operators, asked for again while the page is open. */
export function useOperations() {
  return useQuery({
    queryKey: operationsKeys.root,
    queryFn: ({ signal }) => operations.get(signal),
    refetchInterval: 5_000,
    // What was seen last stays on the screen, with its time; a wait of minutes would hide an outage.
    retry: 1,
  });
}

export function useLeftovers() {
  return useInfiniteQuery({
    queryKey: operationsKeys.leftovers,
    queryFn: ({ pageParam, signal }) => leftovers.list(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: 30_000,
  });
}

export function useReplay() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => leftovers.replay(id),
    onSettled: () =>
      Promise.all(
        Object.values(operationsKeys).map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      ),
  });
}
