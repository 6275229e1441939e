import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { tickets } from '../api/endpoints';
import type { Person, Team } from '../api/people';
import type { AgentRef } from '../api/types';
import { directoryKeys, usePeople } from '../settings/queries';

export const ticketKeys = {
  words: ['tickets', 'words'] as const,
  details: (id: string) => ['tickets', 'one', id] as const,
};

const MINUTES = 60_000;

const nobody: Person[] = [];

/** Who works here and may have tickets. */
export function useAgents(): AgentRef[] {
  const people = usePeople().data ?? nobody;
  return useMemo(() => people.filter(({ active }) => active), [people]);
}

/** Categories and tags in use. */
export function useTicketWords() {
  return useQuery({
    queryKey: ticketKeys.words,
    queryFn: ({ signal }) => tickets.words(signal),
    staleTime: MINUTES,
  }).data;
}

/** The details behind a thread's ticket; `revision` is the thread's, so that they follow it. */
export function useTicketDetails(id: string | undefined, revision: number) {
  return useQuery({
    queryKey: [...ticketKeys.details(id ?? ''), revision],
    queryFn: ({ signal }) => tickets.one(id ?? '', signal),
    enabled: id !== undefined,
    placeholderData: (before) => before,
  }).data;
}

export function teamName(queryClient: QueryClient, id: string | null): string | null {
  const known = queryClient.getQueryData<Team[]>(directoryKeys.teams);
  return known?.find((team) => team.id === id)?.name ?? null;
}

export function agentName(queryClient: QueryClient, id: string | null): string | null {
  const known = queryClient.getQueryData<Person[]>(directoryKeys.people);
  return known?.find((agent) => agent.id === id)?.name ?? null;
}
