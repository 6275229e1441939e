import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Availability, assignment, type Team } from '../api/assignment';
import { useMe } from '../people/queries';
import { errorText } from '../shared/errorText';
import { toast } from '../shared/ui/Toast';

export const assignmentKeys = {
  availability: ['assignment', 'availability'] as const,
  settings: ['assignment', 'settings'] as const,
  skills: ['assignment', 'skills'] as const,
};

const MINUTE = 60_000;

/** Who takes tickets. The live feed tells of switches; loads move with every message and are looked at every minute. */
export function useAvailability() {
  return useQuery({
    queryKey: assignmentKeys.availability,
    queryFn: ({ signal }) => assignment.availability(signal),
    staleTime: MINUTE / 4,
    refetchInterval: MINUTE,
  });
}

/** The agent's own; undefined until it is known, or for whoever takes no tickets. */
export function useOwnAvailability(): Availability | undefined {
  const { agent } = useMe();
  return useAvailability().data?.items.find(({ id }) => id === agent.id);
}

export function useAssignmentSettings() {
  return useQuery({
    queryKey: assignmentKeys.settings,
    queryFn: ({ signal }) => assignment.settings(signal),
  });
}

export function useSkills() {
  return useQuery({
    queryKey: assignmentKeys.skills,
    queryFn: ({ signal }) => assignment.skills(signal),
    staleTime: MINUTE,
  });
}

/** Switches somebody, oneself too: seen at once, settled by the answer. */
export function useSetAvailable() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, available }: { id: string; available: boolean }) =>
      assignment.setAvailable(id === agent.id ? null : id, available),
    onMutate: ({ id, available }) =>
      patchAvailability(queryClient, id, { available, since: new Date().toISOString() }),
    onError: (error) => toast(errorText(t, error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: assignmentKeys.availability }),
  });
}

export function useSetCapacity() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, capacity }: { id: string; capacity: number | null }) =>
      assignment.setCapacity(id, capacity),
    onError: (error) => toast(errorText(t, error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: assignmentKeys.availability }),
  });
}

function patchAvailability(queryClient: QueryClient, id: string, change: Partial<Availability>): void {
  queryClient.setQueryData<Team>(
    assignmentKeys.availability,
    (all) => all && { ...all, items: all.items.map((one) => (one.id === id ? { ...one, ...change } : one)) },
  );
}
