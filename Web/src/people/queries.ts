import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { people } from '../api/endpoints';
import type { Agent, Language, Me, SendKey } from '../api/types';
import { setLanguage } from '../i18n';

export const peopleKeys = { me: ['me'] as const };

export const meQuery = queryOptions({
  queryKey: peopleKeys.me,
  queryFn: async () => {
    const me = await people.me();
    if (me.agent) await setLanguage(me.agent.language);
    return me;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** Who is signed in. Only used below the route that made sure somebody is. */
export function useMe(): Me & { agent: Agent } {
  const { data } = useSuspenseQuery(meQuery);
  // The console signs in with the cookie, which always belongs to an agent (docs/api.md, Sign-in).
  return data as Me & { agent: Agent };
}

/** Changes language or send key at once; the server's answer settles it. */
export function useUpdateMe() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: { name?: string; language?: Language; sendKey?: SendKey }) => people.update(change),
    onMutate: (change) => {
      const before = queryClient.getQueryData<Me>(peopleKeys.me);
      if (change.language) void setLanguage(change.language);
      if (before?.agent) {
        queryClient.setQueryData<Me>(peopleKeys.me, { ...before, agent: { ...before.agent, ...change } });
      }
      return { before };
    },
    onError: (_error, _change, context) => {
      if (!context?.before?.agent) return;
      void setLanguage(context.before.agent.language);
      queryClient.setQueryData(peopleKeys.me, context.before);
    },
    onSuccess: (me) => queryClient.setQueryData(peopleKeys.me, me),
  });
}
