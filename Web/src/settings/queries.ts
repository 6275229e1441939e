import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { directory, type PersonChange, type TeamChange } from '../api/people';

export const directoryKeys = {
  root: ['directory'] as const,
  people: ['directory', 'people'] as const,
  teams: ['directory', 'teams'] as const,
};

export function usePeople() {
  return useQuery({
    queryKey: directoryKeys.people,
    queryFn: ({ signal }) => directory.people(signal),
    staleTime: 60_000,
  });
}

export function useTeams() {
  return useQuery({
    queryKey: directoryKeys.teams,
    queryFn: ({ signal }) => directory.teams(signal),
    staleTime: 60_000,
  });
}

/** People and teams name each other: whatever changed, both are fetched again. */
function useDirectoryChange<T, R>(change: (input: T) => Promise<R>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queryClient.invalidateQueries({ queryKey: directoryKeys.root }),
  });
}

export const useChangePerson = () =>
  useDirectoryChange(({ id, change }: { id: string; change: PersonChange }) =>
    directory.changePerson(id, change),
  );

export const useSignOutPerson = () => useDirectoryChange((id: string) => directory.signOutPerson(id));

export const useResetFactor = () => useDirectoryChange((id: string) => directory.resetSecondFactor(id));

export const useSaveTeam = () =>
  useDirectoryChange(({ id, change }: { id: string | null; change: TeamChange }) =>
    id === null ? directory.addTeam(change) : directory.changeTeam(id, change),
  );

export const useRemoveTeam = () => useDirectoryChange((id: string) => directory.removeTeam(id));
