import { serverClock } from '../shared/serverClock';
import { answer, client } from './client';
import type {
  Accepted,
  Channel,
  Language,
  Leftover,
  Macro,
  MacroActions,
  Me,
  Message,
  NewTicket,
  Operations,
  Page,
  Quota,
  SearchFilters,
  SearchHit,
  SendBody,
  SendKey,
  StoredDraft,
  Template,
  Thread,
  ThreadFilter,
  TicketChange,
  TicketDetails,
  View,
  ViewInput,
  ViewProperty,
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
  read: (threadId: string, upTo: string) =>
    answer<Thread>(
      client.POST('/api/v1/threads/{id}/read', { params: { path: { id: threadId } }, body: { upTo } }),
    ),
  begin: (channelId: string, contactId: string) =>
    answer<Thread>(client.POST('/api/v1/threads', { body: { channelId, contactId } })),
  versions: async (ids: string[]) => {
    const found = await answer<{ versions: Record<string, number> }>(
      client.POST('/api/v1/threads/versions', { body: { ids } }),
    );
    return found.versions;
  },
};

export const blocks = {
  list: (cursor: string | undefined, signal?: AbortSignal) =>
    answer<Page<Thread>>(client.GET('/api/v1/blocks', { params: { query: { cursor, limit: 50 } }, signal })),
  add: (threadId: string, reason: string) =>
    answer<Thread>(
      client.PUT('/api/v1/threads/{id}/block', { params: { path: { id: threadId } }, body: { reason } }),
    ),
  remove: (threadId: string) =>
    answer<Thread>(client.DELETE('/api/v1/threads/{id}/block', { params: { path: { id: threadId } } })),
};

export const merges = {
  likely: (threadId: string, signal?: AbortSignal) =>
    answer<Thread[]>(
      client.GET('/api/v1/threads/{id}/likely-same', { params: { path: { id: threadId } }, signal }),
    ),
  add: (threadId: string, into: string) =>
    answer<Thread>(
      client.POST('/api/v1/threads/{id}/merge', { params: { path: { id: threadId } }, body: { into } }),
    ),
  remove: (threadId: string) =>
    answer<Thread>(client.POST('/api/v1/threads/{id}/unmerge', { params: { path: { id: threadId } } })),
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
  send: (threadId: string, body: SendBody, key: string, sendAt?: string) =>
    answer<Accepted>(
      client.POST('/api/v1/threads/{id}/messages', {
        params: { path: { id: threadId }, query: { sendAt }, header: { 'Idempotency-Key': key } },
        body: body as Body,
      }),
    ),
  sendAgain: (threadId: string, messageId: string, key: string) =>
    answer<Accepted>(
      client.POST('/api/v1/threads/{id}/messages/{messageId}/send-again', {
        params: { path: { id: threadId, messageId }, header: { 'Idempotency-Key': key } },
      }),
    ),
  /** What Meta sent, or was sent, unchanged. */
  event: (threadId: string, messageId: string, signal?: AbortSignal) =>
    answer<unknown>(
      client.GET('/api/v1/threads/{id}/messages/{messageId}/event', {
        params: { path: { id: threadId, messageId } },
        signal,
      }),
    ),
  cancel: (threadId: string, messageId: string) =>
    answer<Message>(
      client.POST('/api/v1/threads/{id}/messages/{messageId}/cancel', {
        params: { path: { id: threadId, messageId } },
      }),
    ),
};

export const tickets = {
  one: (id: string, signal?: AbortSignal) =>
    answer<TicketDetails>(client.GET('/api/v1/tickets/{id}', { params: { path: { id } }, signal })),
  change: (id: string, change: TicketChange) =>
    answer<TicketDetails>(
      client.PATCH('/api/v1/tickets/{id}', { params: { path: { id } }, body: change as Body }),
    ),
  create: (ticket: NewTicket, key: string) =>
    answer<TicketDetails>(
      client.POST('/api/v1/tickets', {
        params: { header: { 'Idempotency-Key': key } },
        body: ticket as Body,
      }),
    ),
  attach: (id: string, threadId: string) =>
    answer<TicketDetails>(
      client.POST('/api/v1/tickets/{id}/attach', { params: { path: { id } }, body: { threadId } }),
    ),
  ofContact: async (contactId: string, signal?: AbortSignal) =>
    (
      await answer<Page<TicketDetails>>(
        client.GET('/api/v1/tickets', { params: { query: { contactId, limit: 50 } }, signal }),
      )
    ).items,
  merge: (id: string, into: string) =>
    answer<TicketDetails>(
      client.POST('/api/v1/tickets/{id}/merge', { params: { path: { id } }, body: { into } }),
    ),
  unmerge: (id: string) =>
    answer<TicketDetails>(client.POST('/api/v1/tickets/{id}/unmerge', { params: { path: { id } } })),
  words: (signal?: AbortSignal) =>
    answer<{ categories: string[]; tags: string[] }>(client.GET('/api/v1/tickets/words', { signal })),
};

export const notes = {
  add: (threadId: string, note: { text: string; mentions: string[] }, key: string) =>
    answer<Message>(
      client.POST('/api/v1/threads/{id}/notes', {
        params: { path: { id: threadId }, header: { 'Idempotency-Key': key } },
        body: note as Body,
      }),
    ),
};

export const live = {
  presence: (threadId: string, body: { state: 'viewing' | 'typing' | 'left'; asks: boolean }) =>
    answer<void>(
      client.POST('/api/v1/threads/{id}/presence', {
        params: { path: { id: threadId } },
        body: body as Body,
      }),
    ),
};

export const macros = {
  list: async (signal?: AbortSignal) => {
    const list = await answer<{ items: Macro[] }>(client.GET('/api/v1/macros', { signal }));
    return list.items;
  },
  create: (macro: { name: string; actions: MacroActions }) =>
    answer<Macro>(client.POST('/api/v1/macros', { body: macro as Body })),
  change: (id: string, macro: { version: number; name: string; actions: MacroActions }) =>
    answer<Macro>(client.PATCH('/api/v1/macros/{id}', { params: { path: { id } }, body: macro as Body })),
  remove: (id: string) => answer<void>(client.DELETE('/api/v1/macros/{id}', { params: { path: { id } } })),
};

export const drafts = {
  list: async (signal?: AbortSignal) => {
    const list = await answer<{ items: StoredDraft[] }>(client.GET('/api/v1/drafts', { signal }));
    return list.items;
  },
  save: (
    threadId: string,
    kind: 'reply' | 'note',
    draft: { text: string; basedOn: string; changedAt: string },
  ) =>
    answer<void>(
      client.PUT('/api/v1/drafts/{threadId}/{kind}', {
        params: { path: { threadId, kind } },
        body: draft as Body,
      }),
    ),
};

const DAY_MS = 86_400_000;

export const search = {
  find: (q: string, filters: SearchFilters, cursor: string | undefined, signal?: AbortSignal) => {
    const { since, until, hasMedia, ...same } = filters;
    // A date without a time is midnight in UTC; with one it is the reader's own.
    const day = (date: string) => new Date(`${date}T00:00`).getTime();
    const query = {
      q,
      ...same,
      hasMedia: hasMedia === undefined ? undefined : hasMedia === 'true',
      from: since ? new Date(day(since)).toISOString() : undefined,
      to: until ? new Date(day(until) + DAY_MS).toISOString() : undefined,
      cursor,
      limit: 30,
    };
    return answer<Page<SearchHit>>(client.GET('/api/v1/search', { params: { query }, signal }));
  },
};

const byView = (id: string) => ({ params: { path: { id } } });

export const views = {
  list: async (signal?: AbortSignal) => {
    const list = await answer<{ items: View[] }>(client.GET('/api/v1/views', { signal }));
    return list.items;
  },
  properties: async (signal?: AbortSignal) => {
    const list = await answer<{ items: ViewProperty[] }>(client.GET('/api/v1/views/properties', { signal }));
    return list.items;
  },
  counts: async (signal?: AbortSignal) => {
    const found = await answer<{ counts: Record<string, number> }>(
      client.GET('/api/v1/views/counts', { signal }),
    );
    return found.counts;
  },
  threads: (id: string, query: { cursor?: string; limit?: number }, signal?: AbortSignal) =>
    answer<Page<Thread>>(
      client.GET('/api/v1/views/{id}/threads', { params: { path: { id }, query }, signal }),
    ),
  thread: (id: string, threadId: string) =>
    answer<Thread>(
      client.GET('/api/v1/views/{id}/threads/{threadId}', { params: { path: { id, threadId } } }),
    ),
  one: (id: string) => answer<View>(client.GET('/api/v1/views/{id}', byView(id))),
  create: (view: ViewInput) => answer<View>(client.POST('/api/v1/views', { body: view as Body })),
  change: (id: string, change: Partial<ViewInput> & { version: number }) =>
    answer<View>(client.PATCH('/api/v1/views/{id}', { ...byView(id), body: change as Body })),
  remove: (id: string) => answer<void>(client.DELETE('/api/v1/views/{id}', byView(id))),
  restore: (id: string) => answer<View>(client.POST('/api/v1/views/{id}/restore', byView(id))),
  pin: (id: string, pinned: boolean) =>
    answer<View>(client.PUT('/api/v1/views/{id}/pin', { ...byView(id), body: { pinned } as Body })),
};

export const templates = {
  list: async (channelId: string, signal?: AbortSignal) => {
    const list = await answer<{ items: Template[] }>(
      client.GET('/api/v1/templates', { params: { query: { channelId } }, signal }),
    );
    return list.items;
  },
  /** What the values of a template may name in this thread; null: not known. */
  placeholders: async (threadId: string, signal?: AbortSignal) => {
    const { items, language } = await answer<{
      items: { name: string; value: string | null }[];
      language: string | null;
    }>(client.GET('/api/v1/threads/{id}/placeholders', { params: { path: { id: threadId } }, signal }));
    return { known: Object.fromEntries(items.map(({ name, value }) => [name, value])), language };
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
