import type { Approval } from '../api/approvals';
import type { Message } from '../api/types';

/** What came back stays in the thread for its author until they have dealt with it, or for so long. */
const SHOWN_MS = 24 * 3_600_000;

/** What a thread shows at its end: what waits, and to whoever wrote it what came back lately and was not put away. */
export function shownIn(all: Approval[], meId: string, putAway: readonly string[], now: number): Approval[] {
  return all.filter(({ id, state, agent, decidedAt }) => {
    if (state === 'waiting' || state === 'approved') return true;
    if (state !== 'returned' && state !== 'failed') return false;
    return agent.id === meId && !putAway.includes(id) && now - Date.parse(decidedAt ?? '') < SHOWN_MS;
  });
}

/** As a message, for what shows messages. */
export function messageOf(approval: Approval): Message {
  const { id, type, text, media, template, agent, createdAt, content, sendAt } = approval;
  return {
    id,
    cursor: '',
    wamid: null,
    direction: 'outbound',
    type,
    text,
    media,
    template,
    agent,
    at: createdAt,
    receivedAt: createdAt,
    late: false,
    timeDoubtful: false,
    status: null,
    statusTimes: null,
    error: null,
    canSendAgain: false,
    canCancel: false,
    content,
    leavesAt: sendAt,
  };
}
