import { useQuery } from '@tanstack/react-query';
import { quota } from '../api/endpoints';

export const quotaKeys = { root: ['quota'] as const };

export function useQuota() {
  return useQuery({
    queryKey: quotaKeys.root,
    queryFn: ({ signal }) => quota.get(signal),
    // Hints say when it moved; the interval is for what happens where no hint is sent (a new period).
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: 60_000,
  });
}
