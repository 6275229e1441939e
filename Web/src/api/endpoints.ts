import { serverClock } from '../shared/serverClock';
import { answer, client } from './client';
import type {
  Accepted,
  Channel,
  Language,
  Leftover,
  Me,
  Message,
  Operations,
  Page,
  Quota,
  SendBody,
  SendKey,
  Template,
  Thread,
  ThreadCounts,
  ThreadFilter,
} from './types';

/** Bodies that the generated document describes too narrowly (optional parts as required) or not at all. */
type Body = never;

/** `serverTime` is the finest reading of the server's clock there is: take it with the way there and back. */
async function withServerTime(request: () => Promise<Me>): Promise<Me> {
  const sent = performance.now();
  const me = await request();
  serverClock.observeAnswer(Date.parse(me.serverTime), sent, performance.now(), 0);
  return me;
}

export const people = {
  me: () => withServerTime(() => answer<Me>(client.GET('/api/v1/me'))),
  signIn: (email: string, password: string, code?: string) =>
    withServerTime(() =>
      answer<Me>(client.POST('/api/v1/sign-in', { body: { email, password, code } as Body })),
    ),
  signOut: () => answer<void>(client.POST('/api/v1/sign-out')),
  update: (change: { name?: string; language?: Language; sendKey?: SendKey }) =>
    answer<Me>(client.PATCH('/api/v1/me', { body: change as Body })),
};

export const threads = {
  list: (
    query: { q?: string; filter: ThreadFilter; cursor?: string; limit?: number },
    signal?: AbortSignal,
  ) => answer<Page<Thread>>(client.GET('/api/v1/threads', { params: { query }, signal })),
  one: (threadId: string, signal?: AbortSignal) =>
    answer<Thread>(client.GET('/api/v1/threads/{id}', { params: { path: { id: threadId } }, signal })),
  counts: (signal?: AbortSignal) => answer<ThreadCounts>(client.GET('/api/v1/threads/counts', { signal })),
  read: (threadId: string, upTo: string) =>
    answer<Thread>(
      client.POST('/api/v1/threads/{id}/read', { params: { path: { id: threadId } }, body: { upTo } }),
    ),
  versions: async (ids: string[]) => {
    const found = await answer<{ versions: Record<string, number> }>(
      client.POST('/api/v1/threads/versions', { body: { ids } }),
    );
    return found.versions;
  },
};

export const messages = {
  list: (
    threadId: string,
    query: { order: 'asc' | 'desc'; before?: string; limit: number; include: 'events' },
    signal?: AbortSignal,
  ) =>
    answer<Page<Message>>(
      client.GET('/api/v1/threads/{id}/messages', { params: { path: { id: threadId }, query }, signal }),
    ),
  send: (threadId: string, body: SendBody, key: string) =>
    answer<Accepted>(
      client.POST('/api/v1/threads/{id}/messages', {
        params: { path: { id: threadId }, header: { 'Idempotency-Key': key } },
        body: body as Body,
      }),
    ),
  sendAgain: (threadId: string, messageId: string, key: string) =>
    answer<Accepted>(
      client.POST('/api/v1/threads/{id}/messages/{messageId}/send-again', {
        params: { path: { id: threadId, messageId }, header: { 'Idempotency-Key': key } },
      }),
    ),
  cancel: (threadId: string, messageId: string) =>
    answer<Message>(
      client.POST('/api/v1/threads/{id}/messages/{messageId}/cancel', {
        params: { path: { id: threadId, messageId } },
      }),
    ),
};

export const templates = {
  list: async (channelId: string, signal?: AbortSignal) => {
    const list = await answer<{ items: Template[] }>(
      client.GET('/api/v1/templates', { params: { query: { channelId } }, signal }),
    );
    return list.items;
  },
};

export const quota = {
  get: (signal?: AbortSignal) => answer<Quota>(client.GET('/api/v1/quota', { signal })),
};

export const channels = {
  list: async (signal?: AbortSignal) => {
    const list = await answer<{ items: Channel[] }>(client.GET('/api/v1/channels', { signal }));
    return list.items;
  },
};

export const operations = {
  get: (signal?: AbortSignal) => answer<Operations>(client.GET('/api/v1/operations', { signal })),
};

export const leftovers = {
  list: (cursor: string | undefined, signal?: AbortSignal) =>
    answer<Page<Leftover>>(
      client.GET('/api/v1/leftovers', { params: { query: { cursor, limit: 50 } }, signal }),
    ),
  replay: (id: string) =>
    answer<{ replayed: boolean }>(client.POST('/api/v1/leftovers/{id}/replay', { params: { path: { id } } })),
};
