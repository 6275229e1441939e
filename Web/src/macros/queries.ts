import { useQuery } from '@tanstack/react-query';
import { macros } from '../api/endpoints';

export const macroKeys = { list: ['macros'] as const };

export function useMacros(enabled = true) {
  return useQuery({
    enabled,
    queryKey: macroKeys.list,
    queryFn: ({ signal }) => macros.list(signal),
    staleTime: 60_000,
  });
}
