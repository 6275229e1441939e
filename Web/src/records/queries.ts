import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { contacts } from '../api/records';
import type { Page } from '../api/types';
import type { AnyRecord, Kind } from './kinds';

export const recordKeys = {
  root: ['records'] as const,
  contactLists: ['records', 'list', 'contacts'] as const,
  contactList: (q: string) => ['records', 'list', 'contacts', q] as const,
  /** What an open record shows: fetched again when the live feed tells of a thread. */
  open: ['records', 'open'] as const,
  contact: (id: string) => ['records', 'open', 'contact', id] as const,
  threads: (id: string) => ['records', 'open', 'threads', id] as const,
  tickets: (id: string) => ['records', 'open', 'tickets', id] as const,
  timeline: (id: string) => ['records', 'open', 'timeline', id] as const,
  recordList: (kind: string, q: string) => ['records', 'list', kind, q] as const,
  record: (kind: string, id: string) => ['records', 'one', kind, id] as const,
  recordContacts: (kind: string, id: string) => ['records', 'one', kind, id, 'contacts'] as const,
  linked: (kind: string, contactId: string) => ['records', 'open', kind, contactId] as const,
  ofThread: (threadId: string) => ['records', 'thread', threadId] as const,
};

export function useRecords(kind: Kind, q: string) {
  return useInfiniteQuery({
    queryKey: recordKeys.recordList(kind.id, q),
    queryFn: ({ pageParam, signal }): Promise<Page<AnyRecord>> =>
      kind.api.list({ q: q || undefined, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before, query) => (query?.queryKey[2] === kind.id ? before : undefined),
    staleTime: 0,
  });
}

export function useRecord(kind: Kind, id: string) {
  return useQuery({
    queryKey: recordKeys.record(kind.id, id),
    queryFn: ({ signal }): Promise<AnyRecord> => kind.api.one(id, signal),
  });
}

export function useRecordContacts(kind: Kind, id: string) {
  return useQuery({
    queryKey: recordKeys.recordContacts(kind.id, id),
    queryFn: ({ signal }) => kind.api.contacts(id, signal),
  });
}

/** Companies or deals of a contact. */
export function useLinked(kind: Kind, contactId: string) {
  return useQuery({
    queryKey: recordKeys.linked(kind.id, contactId),
    queryFn: ({ signal }): Promise<AnyRecord[]> => kind.api.ofContact(contactId, signal),
  });
}

export function useContacts(q: string) {
  return useInfiniteQuery({
    queryKey: recordKeys.contactList(q),
    queryFn: ({ pageParam, signal }) =>
      contacts.list({ q: q || undefined, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function useContact(id: string) {
  return useQuery({ queryKey: recordKeys.contact(id), queryFn: ({ signal }) => contacts.one(id, signal) });
}

export function useContactThreads(id: string | undefined) {
  return useQuery({
    queryKey: recordKeys.threads(id ?? ''),
    queryFn: ({ signal }) => contacts.threads(id ?? '', signal),
    enabled: id !== undefined,
  });
}

export function useContactTickets(id: string | undefined) {
  return useQuery({
    queryKey: recordKeys.tickets(id ?? ''),
    queryFn: ({ signal }) => contacts.tickets(id ?? '', signal),
    enabled: id !== undefined,
  });
}

export function useTimeline(id: string) {
  return useInfiniteQuery({
    queryKey: recordKeys.timeline(id),
    queryFn: ({ pageParam, signal }) => contacts.timeline(id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Whom a thread is with (null: with nobody); `revision` is the thread's, so that it follows every change. */
export function useThreadContact(threadId: string | null, revision: number) {
  return useQuery({
    queryKey: [...recordKeys.ofThread(threadId ?? ''), revision],
    queryFn: ({ signal }) => contacts.ofThread(threadId ?? '', signal),
    enabled: threadId !== null,
    // While a newer one comes, the same thread's: never another customer's.
    placeholderData: (before, query) => (query?.queryKey[2] === threadId ? before : undefined),
  });
}
