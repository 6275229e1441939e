import type { Message, Thread } from '../api/types';

/** Samples for tests: a whole object with what a test is about put over it. */
export function aThread(over: Partial<Thread> = {}): Thread {
  return {
    id: 't1',
    channelId: 'c1',
    contact: { id: 'p1', name: '田中 結衣' },
    customer: { waId: '819012345678', userId: null, profileName: 'yui' },
    session: { open: true, openedAt: '2026-11-23T01:00:00.000Z', endsAt: '2026-11-24T01:00:00.000Z' },
    unread: 0,
    ticket: {
      id: 'k1',
      number: 4711,
      status: 'new',
      subject: null,
      priority: 'normal',
      category: null,
      owner: null,
      team: null,
      skills: [],
      queuedAt: null,
      tags: [],
      properties: {},
      snoozedUntil: null,
      sla: null,
      version: 1,
    },
    lastMessage: null,
    lastActivityAt: '2026-11-23T01:00:00.000Z',
    version: 1,
    ...over,
  };
}

export function aMessage(over: Partial<Message> = {}): Message {
  const at = over.at ?? '2026-11-23T01:00:00.000Z';
  return {
    id: 'm1',
    cursor: 'c1',
    wamid: null,
    direction: 'inbound',
    type: 'text',
    text: 'こんにちは',
    media: null,
    template: null,
    agent: null,
    at,
    receivedAt: at,
    late: false,
    timeDoubtful: false,
    status: null,
    statusTimes: null,
    error: null,
    canSendAgain: false,
    canCancel: false,
    ...over,
  };
}
