import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { messages } from '../api/endpoints';
import type { Message } from '../api/types';
import { approvalKeys } from '../approvals/keys';
import { draftsOf, withReturned } from '../composer/drafts';
import { newKey } from '../composer/outbox';
import { useMe } from '../people/queries';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { serverClock } from '../shared/serverClock';
import { useClock } from '../shared/ticker';
import { Button } from '../shared/ui/Button';
import { toast } from '../shared/ui/Toast';
import styles from './Bubble.module.css';
import { messageKeys, storeMessage } from './queries';

/** One key for each message that is sent again, made once: a second click or a retry is the same request. */
const keys = new Map<string, string>();

function keyFor(messageId: string): string {
  const key = keys.get(messageId) ?? newKey();
  keys.set(messageId, key);
  return key;
}

/** Under an own message that did not simply arrive: why, in plain words, and the one thing to do. */
export function MessageFate({ message, threadId }: { message: Message; threadId: string }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const settle = (fresh: Message) => {
    storeMessage(queryClient, threadId, fresh);
    void queryClient.invalidateQueries({ queryKey: messageKeys.list(threadId) });
  };
  const onError = (error: Error) => {
    toast(errorText(t, error));
    void queryClient.invalidateQueries({ queryKey: messageKeys.list(threadId) });
  };
  const again = useMutation({
    mutationFn: () => messages.sendAgain(threadId, message.id, keyFor(message.id)),
    onSuccess: ({ message: fresh }) => {
      if (fresh) settle(fresh);
      else void queryClient.invalidateQueries({ queryKey: approvalKeys.root });
    },
    onError,
  });
  const { agent } = useMe();
  const cancel = useMutation({
    mutationFn: () => messages.cancel(threadId, message.id),
    onSuccess: (fresh) => {
      settle(fresh);
      // What was taken back can be written anew.
      if (message.type === 'text' && message.agent?.id === agent.id && message.text)
        draftsOf(agent.id).set((all) => withReturned(all, threadId, message.text ?? '', serverClock.now()));
    },
    onError,
  });

  const { status, error } = message;
  const reason =
    status === 'failed'
      ? t([`failure.${error?.code}`, 'failure.other'], { code: error?.metaCode ?? error?.code ?? '?' })
      : status === 'unconfirmed'
        ? t('status.unconfirmedHint')
        : status === 'cancelled'
          ? t('message.cancelled')
          : null;
  const cancellable = useLingering(message);
  const waiting = useWaiting(message);
  if (!reason && !cancellable && !waiting) return null;
  const tone = status === 'failed' ? '' : status === 'unconfirmed' ? styles.wait : styles.calm;
  return (
    <div className={`${styles.fail} ${tone}`}>
      {reason && <span>{reason}</span>}
      {waiting && (
        <span data-testid="leaves-at">
          {'seconds' in waiting
            ? t('message.leavesIn', { count: waiting.seconds })
            : t('message.leavesAt', { time: exact(waiting.at) })}
        </span>
      )}
      {message.canSendAgain && (
        <Button look="link" disabled={again.isPending || again.isSuccess} onClick={() => again.mutate()}>
          {t('message.sendAgain')}
        </Button>
      )}
      {cancellable && (
        <Button look="link" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {t('message.cancel')}
        </Button>
      )}
    </div>
  );
}

/** Most messages leave within a second: offering to cancel those would only flicker. */
const LINGERS_MS = 2500;

function useLingering(message: Message): boolean {
  const since = Date.parse(message.receivedAt);
  return useClock((now) => message.canCancel && (Boolean(message.leavesAt) || now - since > LINGERS_MS));
}

const SOON_MS = 60_000;

/** Until when it waits: counted down where it is soon, else by the clock. */
function useWaiting({ leavesAt, canCancel }: Message): { seconds: number } | { at: string } | null {
  const seconds = useClock((now) => {
    const left = leavesAt && canCancel ? Date.parse(leavesAt) - now : Number.POSITIVE_INFINITY;
    return left <= SOON_MS ? Math.max(0, Math.ceil(left / 1000)) : -1;
  });
  if (!leavesAt || !canCancel) return null;
  return seconds < 0 ? { at: leavesAt } : { seconds };
}
