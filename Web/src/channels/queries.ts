import { useQuery } from '@tanstack/react-query';
import { channels } from '../api/endpoints';

export const channelKeys = { root: ['channels'] as const };

export function useChannels() {
  return useQuery({
    queryKey: channelKeys.root,
    queryFn: ({ signal }) => channels.list(signal),
    staleTime: 60_000,
  });
}

/** Channels change seldom and no hint names them: a minute old is fresh enough. */
export function useChannel(id: string) {
  return useQuery({
    queryKey: channelKeys.root,
    queryFn: ({ signal }) => channels.list(signal),
    staleTime: 60_000,
    select: (all) => all.find((channel) => channel.id === id) ?? null,
  });
}
