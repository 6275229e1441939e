import { useQuery } from '@tanstack/react-query';
import { templates } from '../api/endpoints';

export const templateKeys = {
  list: (channelId: string) => ['templates', channelId] as const,
};

/** No hint names templates: asked anew each time the dialog opens, shown from the cache meanwhile. */
export function useTemplates(channelId: string) {
  return useQuery({
    queryKey: templateKeys.list(channelId),
    queryFn: ({ signal }) => templates.list(channelId, signal),
    staleTime: 0,
  });
}
