import { describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../composer/outbox';
import { aMessage } from '../test/samples';
import { answerByAnother, buildRows, firstUnread, lastArrived, stillPending } from './rows';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 3, minute)).toISOString();
const inbound = (id: string, minute: number) => aMessage({ id, at: at(minute) });
const outbound = (id: string, minute: number, agentId: string | null, text = 'answer') =>
  aMessage({
    id,
    at: at(minute),
    direction: 'outbound',
    text,
    agent: agentId ? { id: agentId, name: agentId } : null,
  });

const entry = (text: string, minute: number): OutboxEntry => ({
  key: `key ${text}`,
  threadId: 't1',
  body: { type: 'text', text: { body: text } },
  text,
  previewUrl: null,
  createdAt: Date.parse(at(minute)),
  state: 'sending',
});

describe('rows', () => {
  it('name the topmost day only when nothing older can come before it', () => {
    const kinds = (hasOlder: boolean) =>
      buildRows({ messages: [inbound('a', 0)], pending: [], hasOlder, unreadFrom: null }).map(
        ({ kind }) => kind,
      );
    expect(kinds(true)).toEqual(['message']);
    expect(kinds(false)).toEqual(['start', 'day', 'message']);
  });

  it('put the unread line before the first unread message', () => {
    const messages = [inbound('a', 0), inbound('b', 1), inbound('c', 2)];
    const rows = buildRows({ messages, pending: [], hasOlder: true, unreadFrom: firstUnread(messages, 2) });
    expect(rows.map(({ key }) => key)).toEqual(['a', 'unread', 'b', 'c']);
  });

  it('count unread by arrival: a late message further up is the first of them', () => {
    const messages = [inbound('t-3', 0), inbound('t-1', 1), inbound('t-2', 2)];
    expect(firstUnread(messages, 1)).toEqual({ id: 't-3', count: 1 });
    expect(lastArrived(messages)?.id).toBe('t-3');
  });

  it('keep bubbles of one person together', () => {
    const messages = [
      inbound('a', 0),
      inbound('b', 1),
      inbound('c', 20),
      outbound('d', 21, 'x'),
      outbound('e', 21, 'y'),
    ];
    const rows = buildRows({ messages, pending: [], hasOlder: true, unreadFrom: null });
    expect(rows.map((row) => row.kind === 'message' && row.first)).toEqual([true, false, true, true, true]);
  });
});

describe('a message on its way', () => {
  it('gives way to itself once it is listed', () => {
    expect(stillPending([entry('hi', 5)], [outbound('m', 5, 'me', 'hi')], 'me')).toEqual([]);
  });

  it('is the listed one with the agent’s name before it', () => {
    expect(stillPending([entry('a\nb', 5)], [outbound('m', 5, 'me', '*Aiko*\na\nb')], 'me')).toEqual([]);
    expect(stillPending([entry('b', 5)], [outbound('m', 5, 'me', 'a\nb')], 'me')).toHaveLength(1);
  });

  it('is not taken for an older one, nor for another agent’s', () => {
    const pending = [entry('hi', 5)];
    expect(stillPending(pending, [outbound('m', 4, 'me', 'hi')], 'me')).toHaveLength(1);
    expect(stillPending(pending, [outbound('m', 5, 'other', 'hi')], 'me')).toHaveLength(1);
  });

  it('said twice is shown twice', () => {
    const pending = [entry('ok', 5), entry('ok', 5)];
    expect(stillPending(pending, [outbound('m', 5, 'me', 'ok')], 'me')).toHaveLength(1);
  });
});

describe('an answer by another', () => {
  const based = Date.parse(at(5));

  it('is warned of when it came after the draft was begun', () => {
    expect(answerByAnother([outbound('m', 6, 'other')], 'me', based)?.id).toBe('m');
    expect(answerByAnother([outbound('m', 6, null)], 'me', based)?.id).toBe('m');
  });

  it('is not: one’s own, an earlier one, the customer’s', () => {
    const messages = [outbound('a', 4, 'other'), outbound('b', 6, 'me'), inbound('c', 7)];
    expect(answerByAnother(messages, 'me', based)).toBeNull();
  });
});
