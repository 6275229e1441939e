import { answer, client } from './client';
import type { AgentRef, Message, MessageContent, Page } from './types';

/** What is hidden of what customers write (docs/api.md, "Content rules and quarantine"). */
export const effects = ['off', 'mark', 'mask', 'quarantine'] as const;
export type Effect = (typeof effects)[number];

export const builtIn = [
  'phishingLinks',
  'lookalikeDomains',
  'executables',
  'paymentCards',
  'myNumber',
  'cpf',
  'cnpj',
] as const;
export type BuiltIn = (typeof builtIn)[number];

export interface OwnRule {
  name: string;
  words: string[];
  /** Null: the rule is its words. */
  pattern: string | null;
  effect: Effect;
}

export interface ContentRules extends Record<BuiltIn, Effect> {
  ownDomains: string[];
  blockedDomains: string[];
  errorCodes: number[];
  own: OwnRule[];
  version: number;
}

export interface Caught {
  rule: string;
  effect: Effect;
  count: number;
  samples: { messageId: string; threadId: string; at: string; text: string | null; hidden: boolean }[];
}

export interface Quarantined {
  messageId: string;
  threadId: string;
  customer: string | null;
  rules: string[];
  reason: string | null;
  by: AgentRef | null;
  at: string;
}

export interface Revealed {
  type: string;
  text: string | null;
  fileName: string | null;
  content: MessageContent | null;
  effect: Effect;
  rules: string[];
  reason: string | null;
  /** Where its file opens for whoever has revealed it, for an hour. */
  fileUrl: string | null;
}

type Body = never;

const ofMessage = (threadId: string, messageId: string) => ({
  params: { path: { id: threadId, messageId } },
});

export const contentRules = {
  get: (signal?: AbortSignal) => answer<ContentRules>(client.GET('/api/v1/content-rules', { signal })),
  change: (rules: ContentRules) =>
    answer<ContentRules>(client.PUT('/api/v1/content-rules', { body: rules as unknown as Body })),
  test: (rules: ContentRules) =>
    answer<{ looked: number; since: string; caught: Caught[] }>(
      client.POST('/api/v1/content-rules/test', { body: rules as unknown as Body }),
    ),
};

export const quarantine = {
  list: (cursor: string | undefined, signal?: AbortSignal) =>
    answer<Page<Quarantined>>(
      client.GET('/api/v1/quarantine', { params: { query: { cursor, limit: 50 } }, signal }),
    ),
  hide: (threadId: string, messageId: string, reason: string) =>
    answer<Message>(
      client.POST('/api/v1/threads/{id}/messages/{messageId}/quarantine', {
        ...ofMessage(threadId, messageId),
        body: { reason } as Body,
      }),
    ),
  reveal: (threadId: string, messageId: string, reason?: string) =>
    answer<Revealed>(
      client.POST('/api/v1/threads/{id}/messages/{messageId}/reveal', {
        ...ofMessage(threadId, messageId),
        body: { reason } as Body,
      }),
    ),
  release: (threadId: string, messageId: string, reason: string) =>
    answer<Message>(
      client.POST('/api/v1/threads/{id}/messages/{messageId}/release', {
        ...ofMessage(threadId, messageId),
        body: { reason } as Body,
      }),
    ),
};
