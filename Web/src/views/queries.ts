import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { views } from '../api/endpoints';
import type { View, ViewInput } from '../api/types';
import { errorText } from '../shared/errorText';
import { toast } from '../shared/ui/Toast';
import { threadKeys } from '../threads/queries';
import { viewKeys } from './keys';

const MINUTE = 60_000;

/** All that this agent may see: the default ones first. */
export function useViews() {
  return useQuery({
    queryKey: viewKeys.list,
    queryFn: ({ signal }) => views.list(signal),
    staleTime: MINUTE / 4,
    refetchInterval: MINUTE,
  });
}

export function useView(id: string): View | undefined {
  return useViews().data?.find((view) => view.id === id);
}

export function useViewProperties() {
  return useQuery({
    queryKey: viewKeys.properties,
    queryFn: ({ signal }) => views.properties(signal),
    staleTime: MINUTE,
  });
}

/** What may be done with a view; each tells how it went. */
export function useViewActs() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const refresh = (id: string) =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: viewKeys.list, exact: true }),
      queryClient.invalidateQueries({ queryKey: threadKeys.list(id) }),
      queryClient.invalidateQueries({ queryKey: threadKeys.counts }),
    ]);
  const tried = async (act: () => Promise<unknown>) => {
    try {
      await act();
      return true;
    } catch (error) {
      toast(errorText(t, error));
      return false;
    }
  };
  return {
    refresh,
    duplicate: async (view: View): Promise<View | null> => {
      let made: View | null = null;
      await tried(async () => {
        const { sharing: _sharing, filters, columns, sort, descending } = view;
        const copy: ViewInput = {
          name: t('views.copyOf', { name: view.name }).slice(0, 80),
          sharing: 'private',
          filters,
          columns,
          sort,
          descending,
        };
        made = await views.create(copy);
        await refresh(made.id);
      });
      return made;
    },
    pin: (view: View) =>
      tried(async () => {
        await views.pin(view.id, !view.pinned);
        await refresh(view.id);
      }),
    remove: (view: View) =>
      tried(async () => {
        await views.remove(view.id);
        await refresh(view.id);
        const undo = () =>
          void tried(async () => {
            await views.restore(view.id);
            await refresh(view.id);
          });
        toast(t('views.deleted', { name: view.name }), { label: t('common.undo'), run: undo });
      }),
    copyLink: async (view: View) => {
      const link = new URL(`/inbox/${view.id}`, window.location.href).href;
      try {
        await navigator.clipboard.writeText(link);
        toast(t('views.linkCopied'));
      } catch {
        // Without https there is no clipboard: the link is shown to be copied by hand.
        toast(link);
      }
    },
  };
}
