import { type QueryClient, useQuery } from '@tanstack/react-query';
import { connections } from '../api/channels';
import { channels } from '../api/endpoints';

export const channelKeys = {
  root: ['channels'] as const,
  one: (id: string) => ['channels', id] as const,
  events: (id: string) => ['channels', id, 'events'] as const,
  queue: (id: string) => ['channels', id, 'queue'] as const,
};

const list = {
  queryKey: channelKeys.root,
  queryFn: ({ signal }: { signal: AbortSignal }) => channels.list(signal),
  staleTime: 60_000,
};

/** Numbers with threads: those that are only ready to be connected have none. */
export function useChannels() {
  return useQuery({ ...list, select: (all) => all.filter(({ state }) => state !== 'ready') });
}

export function useAllChannels() {
  return useQuery(list);
}

/** Channels change seldom and no hint names them: a minute old is fresh enough. */
export function useChannel(id: string | null) {
  return useQuery({ ...list, select: (all) => all.find((channel) => channel.id === id) ?? null });
}

/** What Meta says of a number: asked each time, because nothing tells when it changes. */
export function useChannelDetails(id: string) {
  return useQuery({
    queryKey: channelKeys.one(id),
    queryFn: ({ signal }) => connections.get(id, signal),
  });
}

/** After whatever changes a number. */
export const refreshChannels = (queryClient: QueryClient) =>
  queryClient.invalidateQueries({ queryKey: channelKeys.root });
