import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { merges } from '../api/endpoints';
import type { Thread } from '../api/types';
import { errorText } from '../shared/errorText';
import { toast } from '../shared/ui/Toast';
import { storeThread, threadKeys } from '../threads/queries';

/** Those whose word it is that two conversations are one person's. */
export function mayMerge(role: string): boolean {
  return role === 'admin' || role === 'supervisor';
}

/** Conversations that may be the same person's as this one. */
export function useLikelySame(threadId: string) {
  return useQuery({
    queryKey: ['threads', 'likely-same', threadId],
    queryFn: ({ signal }) => merges.likely(threadId, signal),
    staleTime: 0,
  });
}

/** Puts the one that goes on, or is back, everywhere; the other one comes over the live feed, as it does to everybody else. */
export function settleMerge(queryClient: QueryClient, thread: Thread, otherId: string): void {
  storeThread(queryClient, thread, thread.id);
  for (const queryKey of [
    threadKeys.one(otherId),
    threadKeys.lists,
    threadKeys.counts,
    ['tickets'],
    ['messages'],
  ])
    void queryClient.invalidateQueries({ queryKey });
}

/** Takes a merge back, and says what became of it. */
export async function unmerge(
  queryClient: QueryClient,
  t: TFunction,
  fromId: string,
  intoId: string,
): Promise<void> {
  try {
    settleMerge(queryClient, await merges.remove(fromId), intoId);
    toast(t('threadMerge.undone'));
  } catch (error) {
    toast(errorText(t, error));
  }
}

export function useUnmerge() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return (fromId: string, intoId: string) => unmerge(queryClient, t, fromId, intoId);
}
