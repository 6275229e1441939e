import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { messages } from '../api/endpoints';
import type { ProblemError } from '../api/problem';
import { mediaUrl } from '../api/upload';
import { approvalKeys } from '../approvals/keys';
import { messageKeys, storeMessage } from '../messages/queries';
import { serverClock } from '../shared/serverClock';
import { readStored, storedKeys, writeStored } from '../shared/storage';
import { createStore } from '../shared/store';
import { Tray } from './attachments';
import { draftsOf, withReturned } from './drafts';
import { createOutbox, newKey, type Outbox, type OutboxEntry } from './outbox';

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

/**
 * Entries are kept by tab, so that tabs do not overwrite each other's. A new page takes over whatever is
 * left by any tab: where that tab still lives both send the same key, which is one message.
 */
function keptEntries(agentId: string) {
  const prefix = `threadkeep.outbox.${agentId}.`;
  const own = prefix + newKey();
  const kept = storedKeys(prefix);
  const byKey = new Map<string, OutboxEntry>();
  for (const entry of kept.flatMap((key) => readStored<OutboxEntry[]>(key) ?? [])) {
    const previewUrl = entry.file ? mediaUrl(entry.file.mediaId) : null;
    byKey.set(entry.key, { ...entry, previewUrl, state: 'retrying' });
  }
  const save = (entries: OutboxEntry[]) => writeStored(own, entries.length > 0 ? entries : null);
  const left = [...byKey.values()].sort((a, b) => a.createdAt - b.createdAt);
  save(left);
  for (const key of kept) writeStored(key, null);
  return { left, save };
}

const outboxes = new Map<string, Outbox>();

function outboxOf(agentId: string, queryClient: QueryClient): Outbox {
  const known = outboxes.get(agentId);
  if (known) return known;
  const { left, save } = keptEntries(agentId);
  const outbox = createOutbox(
    {
      send: messages.send,
      accepted(entry, { message }) {
        if (message) storeMessage(queryClient, entry.threadId, message);
        else void queryClient.invalidateQueries({ queryKey: approvalKeys.root });
        if (entry.previewUrl) URL.revokeObjectURL(entry.previewUrl);
        void queryClient.invalidateQueries({ queryKey: messageKeys.list(entry.threadId) });
      },
      refused(entry, error) {
        refusals.set((all) => ({ ...all, [entry.threadId]: error }));
        draftsOf(agentId).set((all) => withReturned(all, entry.threadId, entry.text, serverClock.now()));
        // A file that the server has not is no use in the editor either.
        if (entry.file && error.code !== 'media_not_found')
          new Tray(agentId, entry.threadId).putBack(entry.file);
      },
      save,
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
