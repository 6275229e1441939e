import { useQuery } from '@tanstack/react-query';
import { quota } from '../api/endpoints';

export const quotaKeys = { root: ['quota'] as const };

export function useQuota() {
  return useQuery({
    queryKey: quotaKeys.root,
    queryFn: ({ signal }) => quota.get(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
