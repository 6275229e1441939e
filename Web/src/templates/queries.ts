import { useQuery } from '@tanstack/react-query';
import { templates } from '../api/endpoints';

export const templateKeys = {
  root: ['templates'] as const,
  library: ['templates', 'library'] as const,
  list: (channelId: string | null) => ['templates', channelId] as const,
};

/** A hint tells when they change; asked anew each time the dialog opens all the same, and shown from the cache meanwhile. */
export function useTemplates(channelId: string | null) {
  return useQuery({
    queryKey: templateKeys.list(channelId),
    queryFn: ({ signal }) => templates.list(channelId ?? '', signal),
    enabled: channelId !== null,
    staleTime: 0,
  });
}
