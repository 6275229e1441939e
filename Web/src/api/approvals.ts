import { answer, client } from './client';
import type { AgentRef, Media, Message, MessageContent } from './types';

/** A message that waits, or waited, for somebody's word (docs/api.md, "Approval"). */
export interface Approval {
  id: string;
  threadId: string;
  customer: string;
  ticketNumber: number | null;
  /** Until then it can be sent, unless it is a template. */
  sessionEndsAt: string | null;
  agent: AgentRef;
  createdAt: string;
  type: string;
  text: string | null;
  /** As its author wrote it; null: nobody has changed it. */
  originalText: string | null;
  textChangeable: boolean;
  media: Media | null;
  template: Message['template'];
  content: MessageContent | null;
  sendAt: string | null;
  state: 'waiting' | 'approved' | 'sent' | 'returned' | 'withdrawn' | 'failed';
  decidedBy: AgentRef | null;
  decidedAt: string | null;
  /** Why it was returned. */
  note: string | null;
  /** Why it failed, as a code. */
  reason: string | null;
  messageId: string | null;
}

export interface ApprovalPage {
  items: Approval[];
  nextCursor: string | null;
  /** How many wait for the reader's word. */
  waiting: number;
}

/** Bodies whose optional parts the generated document describes as required. */
type Body = never;

const byId = (id: string) => ({ params: { path: { id } } });

export const approvals = {
  list: (
    query: { threadId?: string; all?: boolean; cursor?: string; limit?: number },
    signal?: AbortSignal,
  ) => answer<ApprovalPage>(client.GET('/api/v1/approvals', { params: { query }, signal })),
  approve: (id: string, text: string | null) =>
    answer<Approval>(client.POST('/api/v1/approvals/{id}/approve', { ...byId(id), body: { text } as Body })),
  giveBack: (id: string, note: string) =>
    answer<Approval>(client.POST('/api/v1/approvals/{id}/return', { ...byId(id), body: { note } })),
  withdraw: (id: string) => answer<Approval>(client.POST('/api/v1/approvals/{id}/withdraw', byId(id))),
};
