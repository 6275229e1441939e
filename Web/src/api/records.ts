import { answer, client } from './client';
import type { AgentRef, Page, Thread, TicketStatus } from './types';

/** Contacts as records (docs/api.md). */
export const contactFields = [
  'familyName',
  'givenName',
  'familyReading',
  'givenReading',
  'honorific',
  'language',
  'timeZone',
  'email',
  'phone',
  'mobilePhone',
  'lifecycle',
  'note',
] as const;
export type ContactField = (typeof contactFields)[number];

export interface ContactItem {
  id: string;
  name: string;
  reading: string | null;
  email: string | null;
  phone: string | null;
  mobilePhone: string | null;
  lifecycle: string | null;
  createdAt: string;
}

export interface ContactMatch {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  mobilePhone: string | null;
}

export interface ContactMerge {
  id: string;
  contactId: string;
  name: string;
  kind: 'number' | 'person';
  by: string | null;
  at: string;
}

export interface Contact extends Record<ContactField, string | null> {
  id: string;
  name: string;
  /** WhatsApp's own; it overwrites nothing. */
  profileName: string | null;
  version: number;
  createdAt: string;
  changedAt: string | null;
  /** Other records with one of its numbers. */
  matches: ContactMatch[];
  /** What was found to be this contact; each can be taken back. */
  merges: ContactMerge[];
}

export interface ThreadContact {
  /** The contact that the thread brought, whatever it was found to be. */
  ownId: string;
  contact: Contact;
}

export interface ContactTicket {
  id: string;
  number: number;
  status: TicketStatus;
  subject: string | null;
  openedAt: string;
  threadId: string | null;
}

export interface TimelineItem {
  id: string;
  at: string;
  kind: string;
  threadId: string | null;
  agent: AgentRef | null;
  text: string | null;
  data: Record<string, unknown> | null;
}

export type ContactChange = { version?: number } & Partial<Record<ContactField, string | null>>;

/** Bodies that the generated document describes too narrowly (optional parts as required). */
type Body = never;

const by = (id: string) => ({ params: { path: { id } } });

export const contacts = {
  list: (query: { q?: string; cursor?: string; limit?: number }, signal?: AbortSignal) =>
    answer<Page<ContactItem>>(client.GET('/api/v1/contacts', { params: { query }, signal })),
  one: (id: string, signal?: AbortSignal) =>
    answer<Contact>(client.GET('/api/v1/contacts/{id}', { ...by(id), signal })),
  create: (contact: ContactChange) =>
    answer<Contact>(client.POST('/api/v1/contacts', { body: contact as Body })),
  change: (id: string, change: ContactChange) =>
    answer<Contact>(client.PATCH('/api/v1/contacts/{id}', { ...by(id), body: change as Body })),
  ofThread: (threadId: string, signal?: AbortSignal) =>
    answer<ThreadContact>(client.GET('/api/v1/threads/{id}/contact', { ...by(threadId), signal })),
  threads: async (id: string, signal?: AbortSignal) =>
    (await answer<{ items: Thread[] }>(client.GET('/api/v1/contacts/{id}/threads', { ...by(id), signal })))
      .items,
  tickets: async (id: string, signal?: AbortSignal) =>
    (
      await answer<{ items: ContactTicket[] }>(
        client.GET('/api/v1/contacts/{id}/tickets', { ...by(id), signal }),
      )
    ).items,
  timeline: (id: string, cursor: string | undefined, signal?: AbortSignal) =>
    answer<Page<TimelineItem>>(
      client.GET('/api/v1/contacts/{id}/timeline', {
        params: { path: { id }, query: { cursor, limit: 30 } },
        signal,
      }),
    ),
  merge: (id: string, intoId: string) =>
    answer<Contact>(client.POST('/api/v1/contacts/{id}/merge', { ...by(id), body: { intoId } })),
  unmerge: (mergeId: string) => answer<Contact>(client.POST('/api/v1/merges/{id}/undo', by(mergeId))),
  keepApart: (id: string, contactIds: string[]) =>
    answer<Contact>(client.PUT('/api/v1/contacts/{id}/apart', { ...by(id), body: { contactIds } })),
};

export const dealStages = ['new', 'qualified', 'proposal', 'won', 'lost'] as const;
export type DealStage = (typeof dealStages)[number];

export interface Company {
  id: string;
  name: string;
  domain: string | null;
  phone: string | null;
  city: string | null;
  note: string | null;
  version: number;
  createdAt: string;
}

export interface Deal {
  id: string;
  name: string;
  amount: number | null;
  currency: string | null;
  stage: DealStage;
  /** A day, without a time. */
  closeDate: string | null;
  owner: AgentRef | null;
  note: string | null;
  version: number;
  createdAt: string;
}

export interface LinkedContact {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
}

export interface RecordChange {
  version?: number;
  name?: string | null;
  domain?: string | null;
  phone?: string | null;
  city?: string | null;
  note?: string | null;
  amount?: number | null;
  currency?: string | null;
  stage?: string | null;
  closeDate?: string | null;
  ownerId?: string | null;
}

interface Query {
  q?: string;
  cursor?: string;
  limit?: number;
}

export const companies = {
  list: (query: Query, signal?: AbortSignal) =>
    answer<Page<Company>>(client.GET('/api/v1/companies', { params: { query }, signal })),
  one: (id: string, signal?: AbortSignal) =>
    answer<Company>(client.GET('/api/v1/companies/{id}', { ...by(id), signal })),
  create: (company: RecordChange) =>
    answer<Company>(client.POST('/api/v1/companies', { body: company as Body })),
  change: (id: string, change: RecordChange) =>
    answer<Company>(client.PATCH('/api/v1/companies/{id}', { ...by(id), body: change as Body })),
  contacts: async (id: string, signal?: AbortSignal) =>
    (
      await answer<{ items: LinkedContact[] }>(
        client.GET('/api/v1/companies/{id}/contacts', { ...by(id), signal }),
      )
    ).items,
  ofContact: async (id: string, signal?: AbortSignal) =>
    (await answer<{ items: Company[] }>(client.GET('/api/v1/contacts/{id}/companies', { ...by(id), signal })))
      .items,
  link: (id: string, companyId: string) =>
    answer<void>(
      client.PUT('/api/v1/contacts/{id}/companies/{companyId}', { params: { path: { id, companyId } } }),
    ),
  unlink: (id: string, companyId: string) =>
    answer<void>(
      client.DELETE('/api/v1/contacts/{id}/companies/{companyId}', { params: { path: { id, companyId } } }),
    ),
};

export const deals = {
  list: (query: Query, signal?: AbortSignal) =>
    answer<Page<Deal>>(client.GET('/api/v1/deals', { params: { query }, signal })),
  one: (id: string, signal?: AbortSignal) =>
    answer<Deal>(client.GET('/api/v1/deals/{id}', { ...by(id), signal })),
  create: (deal: RecordChange) => answer<Deal>(client.POST('/api/v1/deals', { body: deal as Body })),
  change: (id: string, change: RecordChange) =>
    answer<Deal>(client.PATCH('/api/v1/deals/{id}', { ...by(id), body: change as Body })),
  contacts: async (id: string, signal?: AbortSignal) =>
    (
      await answer<{ items: LinkedContact[] }>(
        client.GET('/api/v1/deals/{id}/contacts', { ...by(id), signal }),
      )
    ).items,
  ofContact: async (id: string, signal?: AbortSignal) =>
    (await answer<{ items: Deal[] }>(client.GET('/api/v1/contacts/{id}/deals', { ...by(id), signal }))).items,
  link: (id: string, dealId: string) =>
    answer<void>(client.PUT('/api/v1/contacts/{id}/deals/{dealId}', { params: { path: { id, dealId } } })),
  unlink: (id: string, dealId: string) =>
    answer<void>(client.DELETE('/api/v1/contacts/{id}/deals/{dealId}', { params: { path: { id, dealId } } })),
};
