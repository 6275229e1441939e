import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Approval, approvals } from '../api/approvals';
import type { Agent } from '../api/types';
import { messageKeys } from '../messages/queries';
import { errorText } from '../shared/errorText';
import { toast } from '../shared/ui/Toast';
import { approvalKeys } from './keys';

const MINUTE = 60_000;

/** Whether somebody decides about what others send. */
export const mayApprove = ({ role }: Agent) => role === 'admin' || role === 'supervisor';

/** What of a thread waits, and what has just come back, oldest first. The live feed says when that changes. */
export function useThreadApprovals(threadId: string): Approval[] {
  const { data } = useQuery({
    queryKey: approvalKeys.thread(threadId),
    queryFn: async ({ signal }) => {
      const { items } = await approvals.list({ threadId, all: true, limit: 30 }, signal);
      return items.reverse();
    },
    staleTime: MINUTE,
    refetchInterval: MINUTE,
  });
  return data ?? nothing;
}

const nothing: Approval[] = [];

/** How many wait for the reader's word. */
export function useWaitingCount(enabled: boolean): number {
  const { data } = useQuery({
    queryKey: approvalKeys.count,
    queryFn: async ({ signal }) => (await approvals.list({ limit: 1 }, signal)).waiting,
    enabled,
    staleTime: MINUTE,
    refetchInterval: MINUTE,
  });
  return data ?? 0;
}

/** Those that wait, or all, the newest first; whoever does not decide sees their own. */
export function useApprovals(all: boolean) {
  return useInfiniteQuery({
    queryKey: approvalKeys.list(all),
    queryFn: ({ pageParam, signal }) => approvals.list({ all, cursor: pageParam, limit: 30 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: MINUTE / 4,
    refetchInterval: MINUTE,
  });
}

export type Decision =
  | { act: 'approve'; text: string | null }
  | { act: 'return'; note: string }
  | { act: 'withdraw' };

/** Says what becomes of one that waits. Somebody else may have been quicker: then that is said. */
export function useDecide({ id, threadId }: Approval) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (decision: Decision) => {
      switch (decision.act) {
        case 'approve':
          return approvals.approve(id, decision.text);
        case 'return':
          return approvals.giveBack(id, decision.note);
        case 'withdraw':
          return approvals.withdraw(id);
      }
    },
    onError: (error) => toast(errorText(t, error)),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: messageKeys.list(threadId) });
      return queryClient.invalidateQueries({ queryKey: approvalKeys.root });
    },
  });
}
