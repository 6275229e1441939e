import { answer, client } from './client';
import type { AgentRef } from './types';

/** What somebody is told (docs/api.md, "Notices"). */
export interface Notice {
  id: string;
  at: string;
  kind:
    | 'message'
    | 'assigned'
    | 'mention'
    | 'sla_due_soon'
    | 'sla_overdue'
    | 'session_closing'
    | 'send_failed'
    | 'tickets_returned'
    | 'approval_wanted'
    | 'approval_answered'
    | 'quota'
    | 'channel_attention';
  /** Null: it has not been seen. */
  seenAt: string | null;
  /** Messages that are one notice; tickets that went back. */
  count: number;
  thread: {
    id: string;
    messageId: string | null;
    customer: string;
    ticketNumber: number | null;
    team: string | null;
    /** The ticket is the reader's own. */
    isOwn: boolean;
  } | null;
  by: AgentRef | null;
  messageType: string | null;
  text: string | null;
  errorCode: string | null;
  owner: AgentRef | null;
  minutes: number | null;
  /** Which; empty for whoever did not have them. */
  tickets: { id: string; threadId: string; number: number }[];
  toTeam: boolean;
  clock: 'first_response' | 'resolution' | null;
  dueAt: string | null;
  threshold: number | null;
  channel: string | null;
  reason: string | null;
  /** Of a message that waited for somebody's word. */
  outcome: 'changed' | 'returned' | 'failed' | null;
}

export interface NoticePage {
  items: Notice[];
  nextCursor: string | null;
  /** How many are unseen in all; 100 means that many or more. */
  unseen: number;
  /** A sound is wanted, and it is not the time to be quiet. */
  sound: boolean;
}

export const noticeWays = ['console', 'push', 'mail'] as const;

/** How one event is told. */
export interface NoticeEvent {
  event:
    | 'message'
    | 'unassigned'
    | 'assigned'
    | 'mention'
    | 'sla'
    | 'closing'
    | 'failed'
    | 'returned'
    | 'approvals'
    | 'account';
  console: boolean;
  push: boolean;
  mail: boolean;
}

export interface QuietHours {
  /** HH:mm. */
  from: string;
  /** HH:mm; not after `from`: on the day after. */
  to: string;
  /** On which it begins, 1 (Monday) to 7. */
  days: number[];
}

export interface NotificationSettings {
  messages: boolean;
  unassigned: 'team' | 'everyone';
  events: NoticeEvent[];
  sound: boolean;
  /** What people wrote, and customers' names, also in pushes and mails. */
  previews: boolean;
  /** How often a mail gathers what is unseen. */
  digest: 'off' | '15' | '60' | 'daily';
  /** 0 to 23. */
  digestHour: number;
  quietHours: QuietHours | null;
  /** Null: the account's. */
  timeZone: string | null;
  accountTimeZone: string;
  isQuiet: boolean;
  mailAvailable: boolean;
}

/** Bodies whose optional parts the generated document describes as required. */
type Body = never;

const byId = (id: string) => ({ params: { path: { id } } });

export const notices = {
  list: (query: { all?: boolean; limit?: number; cursor?: string }, signal?: AbortSignal) =>
    answer<NoticePage>(client.GET('/api/v1/notices', { params: { query }, signal })),
  seen: (id: string) => answer<void>(client.POST('/api/v1/notices/{id}/seen', byId(id))),
  /** Everything that was told up to then, or what is of one thread. */
  allSeen: (of: { threadId?: string; upTo?: string }) =>
    answer<void>(client.POST('/api/v1/notices/seen', { body: of as Body })),
  takeBack: (id: string) =>
    answer<{ takenBack: number; gone: number }>(client.POST('/api/v1/notices/{id}/take-back', byId(id))),
};

export const notifications = {
  get: (signal?: AbortSignal) =>
    answer<NotificationSettings>(client.GET('/api/v1/me/notifications', { signal })),
  save: ({
    accountTimeZone: _zone,
    isQuiet: _quiet,
    mailAvailable: _mail,
    ...settings
  }: NotificationSettings) =>
    answer<NotificationSettings>(client.PUT('/api/v1/me/notifications', { body: settings as Body })),
};

/** A browser that the person is told in. */
export interface PushBrowser {
  id: string;
  /** SHA-256 of its endpoint: how a browser knows its own. */
  fingerprint: string;
  userAgent: string | null;
  createdAt: string;
  usedAt: string | null;
}

export const push = {
  get: (signal?: AbortSignal) =>
    answer<{ publicKey: string; browsers: PushBrowser[] }>(client.GET('/api/v1/me/push', { signal })),
  add: (browser: { endpoint: string; keys: { p256dh: string; auth: string } }) =>
    answer<void>(client.POST('/api/v1/me/push', { body: browser })),
  remove: (id: string) => answer<void>(client.DELETE('/api/v1/me/push/{id}', byId(id))),
};
