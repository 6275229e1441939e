import { errorCode, isPassing, ProblemError } from '../api/problem';
import type { Accepted, SendBody } from '../api/types';
import { createStore, type Store } from '../shared/store';
import type { KeptFile } from './attachments';

/**
 * Messages that were sent here but not yet accepted by the server. Each has its idempotency key from the
 * moment it is sent until its fate is known, through retries, reloads and sign-outs: the server answers
 * the same key with the same message, so it never goes out twice.
 */
export interface OutboxEntry {
  key: string;
  threadId: string;
  body: SendBody;
  /** As shown in the bubble. */
  text: string;
  /** The file that goes with it, so that it can come back to the editor. */
  file?: KeptFile;
  /** A local picture for as long as this page lives, then the server's. */
  previewUrl: string | null;
  /** It leaves then, not before. */
  sendAt?: string;
  /** Server time. */
  createdAt: number;
  state: 'sending' | 'retrying' | 'signed-out';
}

export interface OutboxPort {
  send(threadId: string, body: SendBody, key: string, sendAt?: string): Promise<Accepted>;
  accepted(entry: OutboxEntry, answer: Accepted): void;
  refused(entry: OutboxEntry, error: ProblemError): void;
  save(entries: OutboxEntry[]): void;
  /** Waits before a retry; resolves early when there is reason to hope. */
  pause(ms: number): Promise<void>;
}

export interface Outbox {
  entries: Store<OutboxEntry[]>;
  add(entry: Omit<OutboxEntry, 'state'>): void;
  /** Goes on with what is there: after a reload or a new sign-in. */
  resume(): void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;

export function retryDelay(failures: number, retryAfter: number | null): number {
  if (retryAfter !== null) return Math.min(retryAfter * 1000, 60_000);
  return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
}

export function createOutbox(port: OutboxPort, initial: OutboxEntry[] = []): Outbox {
  const entries = createStore(initial);
  const working = new Set<string>();
  entries.subscribe(() => port.save(entries.get()));

  const mark = (key: string, state: OutboxEntry['state']) =>
    entries.set((all) =>
      all.map((entry) => (entry.key === key && entry.state !== state ? { ...entry, state } : entry)),
    );
  const remove = (key: string) => entries.set((all) => all.filter((entry) => entry.key !== key));

  /** A thread's messages leave one after the other, so that they arrive in the order they were written. */
  async function work(threadId: string): Promise<void> {
    if (working.has(threadId)) return;
    working.add(threadId);
    let failures = 0;
    for (;;) {
      const entry = entries.get().find((other) => other.threadId === threadId);
      if (!entry) break;
      try {
        const answer = await port.send(threadId, entry.body, entry.key, entry.sendAt);
        failures = 0;
        port.accepted(entry, answer);
        remove(entry.key);
      } catch (error) {
        if (errorCode(error) === 'not_signed_in') {
          mark(entry.key, 'signed-out');
          break;
        }
        if (error instanceof ProblemError && !isPassing(error)) {
          failures = 0;
          remove(entry.key);
          port.refused(entry, error);
        } else {
          failures += 1;
          mark(entry.key, 'retrying');
          await port.pause(retryDelay(failures, error instanceof ProblemError ? error.retryAfter : null));
        }
      }
    }
    working.delete(threadId);
  }

  return {
    entries,
    add(entry) {
      entries.set((all) => [...all, { ...entry, state: 'sending' }]);
      void work(entry.threadId);
    },
    resume() {
      entries.set((all) =>
        all.map((entry) => (entry.state === 'signed-out' ? { ...entry, state: 'retrying' } : entry)),
      );
      for (const threadId of new Set(entries.get().map((entry) => entry.threadId))) void work(threadId);
    },
  };
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
