import { useQuery } from '@tanstack/react-query';
import { templates } from '../api/endpoints';
import { readStored, writeStored } from '../shared/storage';

export const templateKeys = {
  root: ['templates'] as const,
  library: ['templates', 'library'] as const,
  list: (channelId: string | null) => ['templates', channelId] as const,
  known: (threadId: string) => ['templates', 'known', threadId] as const,
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

/** What the values may name in this thread, and the language to begin with. */
export function useKnown(threadId: string, enabled = true) {
  return useQuery({
    enabled,
    queryKey: templateKeys.known(threadId),
    queryFn: ({ signal }) => templates.placeholders(threadId, signal),
    staleTime: 10_000,
  });
}

const RECENT = 'threadkeep.recentTemplates';
const MOST_RECENT = 5;

/** The names of the templates that were sent last from this browser, the last first. */
export const recentTemplates = () => readStored<string[]>(RECENT) ?? [];

export function rememberTemplate(name: string): void {
  writeStored(RECENT, [name, ...recentTemplates().filter((one) => one !== name)].slice(0, MOST_RECENT));
}
