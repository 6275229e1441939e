import { answer, client } from './client';
import type { Page } from './types';

/** Channels and how they are connected (docs/api.md, "Channels"). */
export interface Signup {
  available: boolean;
  mode: 'meta' | 'sandbox';
  appId: string | null;
  configurationId: string | null;
  graphVersion: string;
  script: string;
  origin: string;
  termsVersion: string;
}

export interface ChannelHealth {
  problem: string | null;
  problemDetail: string | null;
  verifiedName: string | null;
  nameStatus: string | null;
  quality: string | null;
  messagingLimit: string | null;
  throughput: string | null;
  verification: string | null;
  status: string | null;
  isOnPhoneApp: boolean;
}

export interface BusinessProfile {
  about: string | null;
  address: string | null;
  description: string | null;
  email: string | null;
  websites: string[] | null;
  vertical: string | null;
  pictureUrl?: string | null;
  /** Another picture, as its upload was named; null: it stays. */
  pictureId?: string | null;
}

export interface ChannelDetails {
  id: string;
  name: string;
  displayPhoneNumber: string;
  phoneNumberId: string;
  wabaId: string;
  state: 'ready' | 'connected' | 'disconnected';
  attention: string | null;
  firstConnectedAt: string | null;
  disconnectedAt: string | null;
  hasOwnApp: boolean;
  lastInboundAt: string | null;
  /** How long that was under way. */
  lastLagSeconds: number | null;
  /** In seven days, at the address of its Meta app. */
  signatureFailures: number;
  lastSignatureFailureAt: string | null;
  leftovers: number;
  queued: number;
  health: ChannelHealth;
  profile: BusinessProfile | null;
  /** What Meta holds against the WhatsApp account, the latest first. */
  warnings: AccountWarning[];
}

export interface AccountWarning {
  kind: 'violation' | 'restriction' | 'disabled' | 'scheduled_for_disable' | 'deleted' | 'removed';
  /** Meta's word for it, or Meta's date. */
  what: string | null;
  at: string;
  until: string | null;
}

export interface CheckStep {
  step: 'token' | 'number' | 'subscription' | 'webhook' | 'message';
  holds: boolean;
  detail: string | null;
}

export interface ChannelEvent {
  kind: string;
  at: string;
  receivedAt: string;
  /** What Meta said, as JSON text; null for messages. */
  detail: string | null;
}

export interface ManualChannel {
  wabaId: string;
  phoneNumberId: string;
  accessToken: string;
  appSecret: string;
}

const byId = (id: string) => ({ params: { path: { id } } });

export const connections = {
  signup: (signal?: AbortSignal) => answer<Signup>(client.GET('/api/v1/signup', { signal })),
  begin: (termsVersion: string) =>
    answer<{ state: string; expiresAt: string }>(client.POST('/api/v1/signup', { body: { termsVersion } })),
  finish: (body: { state: string; code: string; wabaId: string; phoneNumberId: string | null }) =>
    answer<{ channelIds: string[] }>(client.POST('/api/v1/signup/finish', { body })),
  add: (channel: ManualChannel) =>
    answer<{ channelIds: string[] }>(client.POST('/api/v1/channels', { body: channel })),
  get: (id: string, signal?: AbortSignal) =>
    answer<ChannelDetails>(client.GET('/api/v1/channels/{id}', { ...byId(id), signal })),
  connect: (id: string, pin?: string) =>
    answer<void>(client.POST('/api/v1/channels/{id}/connect', { ...byId(id), body: { pin: pin ?? null } })),
  askForHistory: (id: string) => answer<void>(client.POST('/api/v1/channels/{id}/history', byId(id))),
  disconnect: (id: string) => answer<void>(client.POST('/api/v1/channels/{id}/disconnect', byId(id))),
  rename: (id: string, name: string) =>
    answer<void>(client.PATCH('/api/v1/channels/{id}', { ...byId(id), body: { name } })),
  remove: (id: string) => answer<void>(client.DELETE('/api/v1/channels/{id}', byId(id))),
  changeProfile: (id: string, profile: BusinessProfile) =>
    answer<void>(client.PUT('/api/v1/channels/{id}/profile', { ...byId(id), body: profile as never })),
  check: async (id: string) =>
    (await answer<{ steps: CheckStep[] }>(client.POST('/api/v1/channels/{id}/check', byId(id)))).steps,
  events: (id: string, cursor?: string, signal?: AbortSignal) =>
    answer<Page<ChannelEvent>>(
      client.GET('/api/v1/channels/{id}/events', {
        params: { path: { id }, query: { cursor, limit: 50 } },
        signal,
      }),
    ),
};

/** What waits to leave by a number (docs/api.md, "Queue"). */
export interface QueuedMessage {
  id: string;
  threadId: string;
  contactName: string | null;
  waId: string | null;
  type: string;
  templateName: string | null;
  agentName: string | null;
  bulk: boolean;
  state: 'sending' | 'waiting' | 'paced' | 'paused' | 'retrying' | 'scheduled';
  /** Why; null: its turn comes. */
  reason: string | null;
  metaCode: number | null;
  tries: number;
  since: string;
  nextAt: string | null;
}

export interface ChannelQueue {
  total: number;
  due: number;
  sending: number;
  bulk: number;
  oldestAt: string | null;
  limits: {
    perSecond: number;
    customers: number | null;
    reached: number;
    isUnverified: boolean;
    readAt: string | null;
  };
  items: QueuedMessage[];
}

export const queue = {
  get: (id: string, signal?: AbortSignal) =>
    answer<ChannelQueue>(
      client.GET('/api/v1/channels/{id}/queue', { params: { path: { id }, query: { limit: 100 } }, signal }),
    ),
};
