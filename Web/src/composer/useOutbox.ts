import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { messages } from '../api/endpoints';
import type { ProblemError } from '../api/problem';
import { messageKeys, storeMessage } from '../messages/queries';
import { serverClock } from '../shared/serverClock';
import { readStored, writeStored } from '../shared/storage';
import { createStore } from '../shared/store';
import { draftsOf, withReturned } from './drafts';
import { createOutbox, type Outbox, type OutboxEntry } from './outbox';

/** Why the last message of a thread was refused; shown over its editor until something is sent again. */
export const refusals = createStore<Record<string, ProblemError>>({});

export function clearRefusal(threadId: string): void {
  refusals.set(({ [threadId]: gone, ...others }) => (gone ? others : { ...others }));
}

let wake: (() => void)[] = [];

/** There is reason to hope: the browser is online again, or the feed is back. */
export function wakeOutbox(): void {
  const waiting = wake;
  wake = [];
  for (const resolve of waiting) resolve();
}

const outboxes = new Map<string, Outbox>();

function outboxOf(agentId: string, queryClient: QueryClient): Outbox {
  const known = outboxes.get(agentId);
  if (known) return known;
  const stored = `threadkeep.outbox.${agentId}`;
  const left = (readStored<OutboxEntry[]>(stored) ?? []).map(
    (entry): OutboxEntry => ({ ...entry, previewUrl: null, state: 'retrying' }),
  );
  const outbox = createOutbox(
    {
      send: messages.send,
      accepted(entry, { message }) {
        storeMessage(queryClient, entry.threadId, message);
        if (entry.previewUrl) URL.revokeObjectURL(entry.previewUrl);
        void queryClient.invalidateQueries({ queryKey: messageKeys.list(entry.threadId) });
      },
      refused(entry, error) {
        refusals.set((all) => ({ ...all, [entry.threadId]: error }));
        if (entry.body.type === 'template') return;
        draftsOf(agentId).set((all) => withReturned(all, entry.threadId, entry.text, serverClock.now()));
      },
      save: (entries) => writeStored(stored, entries.length > 0 ? entries : null),
      pause: (ms) =>
        new Promise((resolve) => {
          const timer = window.setTimeout(resolve, ms);
          wake.push(() => {
            window.clearTimeout(timer);
            resolve();
          });
        }),
    },
    left,
  );
  window.addEventListener('online', wakeOutbox);
  outboxes.set(agentId, outbox);
  return outbox;
}

export function useOutbox(agentId: string): Outbox {
  const queryClient = useQueryClient();
  const outbox = outboxOf(agentId, queryClient);
  useEffect(() => outbox.resume(), [outbox]);
  return outbox;
}
