import type { Approval } from '../api/approvals';
import type { Message } from '../api/types';
import type { OutboxEntry } from '../composer/outbox';
import { dayKey } from '../shared/dates';
import { quietTypes, showsAs } from './types';

/** What the thread's list shows, line by line. Keys are stable: the virtual list holds its place by them. */
export type Row =
  | { kind: 'start'; key: string }
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string; count: number }
  | { kind: 'system'; key: string; message: Message }
  /** What a customer's phone told, in one line. */
  | { kind: 'line'; key: string; message: Message }
  | { kind: 'message'; key: string; message: Message; first: boolean }
  /** Waits for somebody's word, or came back. */
  | { kind: 'waiting'; key: string; approval: Approval; first: boolean }
  | { kind: 'pending'; key: string; entry: OutboxEntry; first: boolean };

interface Input {
  /** Oldest first. */
  messages: Message[];
  /** Stand at the end, before what is on its way to the server. */
  waiting?: Approval[];
  pending: OutboxEntry[];
  /** There are older ones that are not loaded. */
  hasOlder: boolean;
  /** Where the agent had read to when the thread was opened. */
  unreadFrom: { id: string; count: number } | null;
}

/** Bubbles of one side within this time belong together: only the first names who wrote it. */
const TOGETHER_MS = 5 * 60_000;

export function buildRows({ messages, waiting = [], pending, hasOlder, unreadFrom }: Input): Row[] {
  const rows: Row[] = [];
  if (!hasOlder && messages.length > 0) rows.push({ kind: 'start', key: 'start' });
  let previous: Message | null = null;
  for (const message of messages) {
    const shows = showsAs(message);
    if (shows === 'hidden') continue;
    // The topmost day is named only once nothing older can come before it: a day line that moved up when
    // older messages load would take the list's hold away.
    const newDay = previous ? dayKey(previous.at) !== dayKey(message.at) : !hasOlder;
    if (newDay) rows.push({ kind: 'day', key: `day ${dayKey(message.at)}`, at: message.at });
    if (unreadFrom?.id === message.id) rows.push({ kind: 'unread', key: 'unread', count: unreadFrom.count });
    if (message.direction === 'system') rows.push({ kind: 'system', key: message.id, message });
    else if (shows === 'line') rows.push({ kind: 'line', key: message.id, message });
    else
      rows.push({ kind: 'message', key: message.id, message, first: newDay || isFirst(previous, message) });
    previous = message;
  }
  for (const approval of waiting) rows.push({ kind: 'waiting', key: approval.id, approval, first: true });
  for (const entry of pending) {
    const first = (previous?.direction !== 'outbound' || waiting.length > 0) && entry === pending[0];
    rows.push({ kind: 'pending', key: entry.key, entry, first });
  }
  return rows;
}

function isFirst(previous: Message | null, message: Message): boolean {
  if (!previous || previous.direction !== message.direction) return true;
  if (previous.agent?.id !== message.agent?.id) return true;
  return Date.parse(message.at) - Date.parse(previous.at) > TOGETHER_MS;
}

/** A message's place in the order of arrival: its id is the thread's, a hyphen and this number. */
const arrival = (message: Message) => Number(message.id.slice(message.id.lastIndexOf('-') + 1));

/** The message that arrived last. */
export function lastArrived(messages: Message[]): Message | undefined {
  return messages.reduce<Message | undefined>(
    (last, message) => (last && arrival(last) > arrival(message) ? last : message),
    undefined,
  );
}

/**
 * The first unread as the thread shows it. Unread is counted by arrival: of the `unread` inbound messages that
 * arrived last, the one that stands topmost.
 */
export function firstUnread(messages: Message[], unread: number): { id: string; count: number } | null {
  if (unread <= 0) return null;
  const inbound = messages.filter(
    (message) => message.direction === 'inbound' && !quietTypes.includes(message.type),
  );
  const lastOnes = new Set([...inbound].sort((a, b) => arrival(a) - arrival(b)).slice(-unread));
  const first = inbound.find((message) => lastOnes.has(message));
  return first ? { id: first.id, count: unread } : null;
}

/** How much earlier than the sending browser's idea of the server's time a message may be stamped. */
const CLOCK_SLACK_MS = 3000;

/**
 * A message may be listed before the answer to its own sending arrives (or the answer was lost and the
 * send is repeated under the same key): then the listed one is shown and not the pending one beside it.
 */
export function stillPending(pending: OutboxEntry[], messages: Message[], agentId: string): OutboxEntry[] {
  if (pending.length === 0) return pending;
  const claimed = new Set<string>();
  return pending.filter((entry) => {
    const listed = messages.find(
      (message) =>
        !claimed.has(message.id) &&
        message.direction === 'outbound' &&
        message.agent?.id === agentId &&
        message.type === entry.body.type &&
        saysTheSame(message.text ?? '', entry.text) &&
        Date.parse(message.receivedAt) >= entry.createdAt - CLOCK_SLACK_MS,
    );
    if (listed) claimed.add(listed.id);
    return !listed;
  });
}

/** The account may put the agent's name before what was written, on a line of its own. */
const saysTheSame = (listed: string, written: string) =>
  listed === written || (listed.startsWith('*') && listed.slice(listed.indexOf('\n') + 1) === written);

/** The latest answer by somebody else that the draft's author cannot have known of. */
export function answerByAnother(messages: Message[], agentId: string, basedOn: number): Message | null {
  return (
    messages.findLast(
      (message) =>
        message.direction === 'outbound' &&
        message.type !== 'reaction' &&
        message.agent?.id !== agentId &&
        message.status !== 'cancelled' &&
        Date.parse(message.receivedAt) > basedOn,
    ) ?? null
  );
}
