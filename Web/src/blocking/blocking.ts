import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { blocks } from '../api/endpoints';
import type { Block, Thread } from '../api/types';
import { errorText } from '../shared/errorText';
import { toast } from '../shared/ui/Toast';
import { storeThread, threadKeys } from '../threads/queries';

export const blocksKey = ['blocks'];

/** Puts a thread's new state everywhere that shows it. */
export function settleBlock(queryClient: QueryClient, thread: Thread): void {
  storeThread(queryClient, thread, thread.id);
  void queryClient.invalidateQueries({ queryKey: threadKeys.counts });
  void queryClient.invalidateQueries({ queryKey: blocksKey });
}

/** Lets a customer write again. */
export function useUnblock() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: blocks.remove,
    onSuccess: (thread) => {
      settleBlock(queryClient, thread);
      toast(t('block.undone', { name: thread.contact.name }));
    },
    onError: (error) => toast(errorText(t, error)),
  });
}

/** What Meta said to a block, in a sentence; the codes are Meta's (Cloud API, "Error codes"). */
export function metaText(t: TFunction, { atMeta, metaCode }: Block): string {
  if (atMeta !== 'refused') return t(`block.atMeta.${atMeta}`);
  return t([`block.refused.${metaCode}`, 'block.refused.other'], { code: metaCode ?? '–' });
}
