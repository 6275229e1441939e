import { useQuery } from '@tanstack/react-query';
import { type UsageAsked, usage } from '../api/usage';

export const usageKeys = {
  root: ['usage'] as const,
  of: (asked: UsageAsked) => ['usage', asked] as const,
  prices: ['prices'] as const,
};

export function useUsage(asked: UsageAsked, enabled: boolean) {
  return useQuery({
    queryKey: usageKeys.of(asked),
    queryFn: ({ signal }) => usage.get(asked, signal),
    enabled,
    staleTime: 60_000,
    // Another period is shown when it is there: the table does not vanish meanwhile.
    placeholderData: (previous) => previous,
  });
}

export function usePrices() {
  return useQuery({ queryKey: usageKeys.prices, queryFn: ({ signal }) => usage.prices(signal) });
}
