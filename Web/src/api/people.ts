import { answer, client } from './client';
import type { Language, Me, Page } from './types';

/** People, teams and what belongs to an account's settings (docs/api.md, "People"). */
export type Role = 'admin' | 'supervisor' | 'agent' | 'viewer';
export const roles: Role[] = ['admin', 'supervisor', 'agent', 'viewer'];

export interface Person {
  id: string;
  name: string;
  email: string;
  role: Role;
  /** False: only `channelIds` and the channels of their teams. */
  allChannels: boolean;
  channelIds: string[];
  teamIds: string[];
  active: boolean;
  /** What they send waits for a supervisor's word; counts for agents only. */
  inTraining: boolean;
  /** Null for whoever does not manage people. */
  secondFactor: boolean | null;
  /** Running sign-in sessions; null for whoever does not manage people. */
  sessions: number | null;
  /** What a change is made on. */
  version: string;
}

export interface PersonChange {
  name?: string;
  role?: Role;
  allChannels?: boolean;
  channelIds?: string[];
  teamIds?: string[];
  active?: boolean;
  inTraining?: boolean;
  version?: string;
}

export interface Team {
  id: string;
  name: string;
  memberIds: string[];
  channelIds: string[];
  version: string;
}

export interface TeamChange {
  name?: string;
  memberIds?: string[];
  channelIds?: string[];
  version?: string;
}

/** Bodies whose optional parts the generated document describes as required. */
type Body = never;

const byId = (id: string) => ({ params: { path: { id } } });

export const directory = {
  people: async (signal?: AbortSignal) =>
    (await answer<{ items: Person[] }>(client.GET('/api/v1/people', { signal }))).items,
  changePerson: (id: string, change: PersonChange) =>
    answer<Person>(client.PATCH('/api/v1/people/{id}', { ...byId(id), body: change as Body })),
  signOutPerson: (id: string) =>
    answer<{ ended: number }>(client.DELETE('/api/v1/people/{id}/sessions', byId(id))),
  teams: async (signal?: AbortSignal) =>
    (await answer<{ items: Team[] }>(client.GET('/api/v1/teams', { signal }))).items,
  addTeam: (change: TeamChange) => answer<Team>(client.POST('/api/v1/teams', { body: change as Body })),
  changeTeam: (id: string, change: TeamChange) =>
    answer<Team>(client.PATCH('/api/v1/teams/{id}', { ...byId(id), body: change as Body })),
  resetSecondFactor: (id: string) =>
    answer<void>(client.DELETE('/api/v1/people/{id}/second-factor', byId(id))),
  removeTeam: (id: string) => answer<void>(client.DELETE('/api/v1/teams/{id}', byId(id))),
};

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  expiresAt: string;
  state: 'pending' | 'expired';
}

export interface Invited {
  invitation: Invitation;
  link: string;
  /** It is in the mail, too. */
  mailed: boolean;
}

export interface InviteRequest {
  email: string;
  role: Role;
  language: Language;
  allChannels: boolean;
  channelIds: string[];
  teamIds: string[];
}

export const invitations = {
  list: async (signal?: AbortSignal) =>
    (await answer<{ items: Invitation[] }>(client.GET('/api/v1/invitations', { signal }))).items,
  invite: (request: InviteRequest) =>
    answer<Invited>(client.POST('/api/v1/invitations', { body: request as Body })),
  renew: (id: string) => answer<Invited>(client.POST('/api/v1/invitations/{id}/renew', byId(id))),
  revoke: (id: string) => answer<void>(client.DELETE('/api/v1/invitations/{id}', byId(id))),
};

export interface OpenedInvitation {
  email: string;
  role: Role;
  language: string;
  account: string;
  minLength: number;
}

export interface OpenedPasswordLink {
  email: string;
  language: string;
  minLength: number;
}

/** What needs no sign-in. */
export const entry = {
  options: () => answer<{ mail: boolean; provider: string | null }>(client.GET('/api/v1/sign-in/options')),
  forgotten: (email: string) =>
    answer<unknown>(client.POST('/api/v1/password/forgotten', { body: { email } })),
  openPasswordLink: (token: string) =>
    answer<OpenedPasswordLink>(client.POST('/api/v1/password/open', { body: { token } })),
  resetPassword: (token: string, password: string) =>
    answer<void>(client.POST('/api/v1/password/reset', { body: { token, password } })),
  openInvitation: (token: string) =>
    answer<OpenedInvitation>(client.POST('/api/v1/invitations/open', { body: { token } })),
  acceptInvitation: (body: { token: string; name: string; language: Language; password: string }) =>
    answer<Me>(client.POST('/api/v1/invitations/accept', { body })),
};

export interface Session {
  id: string;
  current: boolean;
  createdAt: string;
  lastSeenAt: string;
  address: string | null;
  /** What the browser calls itself. */
  device: string | null;
}

export interface SecondFactor {
  enabled: boolean;
  required: boolean;
  recoveryCodesLeft: number;
}

/** What concerns only whoever is signed in. */
export const own = {
  sessions: async (signal?: AbortSignal) =>
    (await answer<{ items: Session[] }>(client.GET('/api/v1/me/sessions', { signal }))).items,
  endSession: (id: string) => answer<void>(client.DELETE('/api/v1/me/sessions/{id}', byId(id))),
  endOtherSessions: () => answer<{ ended: number }>(client.DELETE('/api/v1/me/sessions')),
  changePassword: (current: string, next: string) =>
    answer<void>(client.POST('/api/v1/me/password', { body: { current, new: next } })),
  secondFactor: (signal?: AbortSignal) =>
    answer<SecondFactor>(client.GET('/api/v1/me/second-factor', { signal })),
  beginSecondFactor: (password: string) =>
    answer<{ secret: string; uri: string }>(
      client.POST('/api/v1/me/second-factor/begin', { body: { password } }),
    ),
  confirmSecondFactor: async (code: string) =>
    (await answer<{ codes: string[] }>(client.POST('/api/v1/me/second-factor/confirm', { body: { code } })))
      .codes,
  renewRecoveryCodes: async (password: string) =>
    (
      await answer<{ codes: string[] }>(
        client.POST('/api/v1/me/second-factor/recovery-codes', { body: { password } }),
      )
    ).codes,
  disableSecondFactor: (password: string) =>
    answer<void>(client.POST('/api/v1/me/second-factor/disable', { body: { password } })),
};

export interface AccountSettings {
  id: string;
  name: string;
  timeZone: string;
  country: string;
  language: Language;
  secondFactorRequired: boolean;
  /** A message on a ticket that was closed within so many days opens it again. */
  reopenDays: number;
  /** Texts of agents begin with a line that names them. */
  agentNameFirst: boolean;
  /** Customers see that their messages have been read. */
  readMarks: boolean;
  /** Customers see that somebody writes. */
  typingSigns: boolean;
  /** Seconds that what people send waits: 0, 5 or 10. */
  sendDelay: number;
  purgeDeleted: boolean;
}

export const account = {
  get: (signal?: AbortSignal) => answer<AccountSettings>(client.GET('/api/v1/account', { signal })),
  change: ({ id, ...change }: AccountSettings) =>
    answer<AccountSettings>(client.PATCH('/api/v1/account', { body: change as Body })),
};

export interface AuditEntry {
  id: string;
  at: string;
  actor: { kind: 'agent' | 'api_key' | 'operator' | 'nobody'; id: string | null; name: string | null };
  address: string | null;
  action: string;
  subject: { kind: string; id: string | null; name: string | null } | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export interface AuditFilter {
  action?: string;
  actorId?: string;
  from?: string;
  to?: string;
}

export const audit = {
  list: (query: AuditFilter & { cursor?: string }, signal?: AbortSignal) =>
    answer<Page<AuditEntry>>(client.GET('/api/v1/audit', { params: { query }, signal })),
};
