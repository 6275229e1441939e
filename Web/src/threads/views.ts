import type { Thread } from '../api/types';
import { mayReview } from '../quarantine/hidden';
import { sessionAt } from '../session/session';
import type { IconName } from '../shared/ui/Icon';

/** The views that everybody has, in order; what people make stands below them. */
export const defaultViews = [
  { id: 'open', icon: 'inbox' },
  { id: 'unassigned', icon: 'ticket' },
  { id: 'mine', icon: 'person' },
  { id: 'mentions', icon: 'at' },
  { id: 'snoozed', icon: 'moon' },
  { id: 'closing', icon: 'alarm' },
  { id: 'closed', icon: 'check' },
  { id: 'sent', icon: 'send' },
  { id: 'quarantined', icon: 'eyeOff' },
] as const satisfies { id: string; icon: IconName }[];

export type DefaultViewId = (typeof defaultViews)[number]['id'];

/** The default views that somebody has; what is quarantined is for those who may look at it. */
export function viewsOf(role: string) {
  return defaultViews.filter(({ id }) => id !== 'quarantined' || mayReview(role));
}

export function isDefaultView(id: string): id is DefaultViewId {
  return defaultViews.some((view) => view.id === id);
}

/** Where one begins. */
export const HOME: DefaultViewId = 'open';

/**
 * Whether a thread belongs in a view, by the server's own rules (docs/api.md, Views); null where only the server
 * can tell.
 */
export function belongs(thread: Thread, view: string, meId: string | null, now: number): boolean | null {
  // The one that it goes on in stands there in its place.
  if (thread.merged) return false;
  if (!isDefaultView(view)) return null;
  const { ticket } = thread;
  const open = ticket !== null && ticket.status !== 'closed';
  const awake = open && ticket.snoozedUntil === null;
  switch (view) {
    case 'open':
      return awake;
    case 'unassigned':
      return awake && ticket.owner === null;
    case 'mine':
      return awake && ticket.owner?.id === meId;
    case 'snoozed':
      return open && !awake;
    case 'closing':
      return open && sessionAt(thread.session.endsAt, now).state === 'closing';
    case 'closed':
      return ticket !== null && !open;
    case 'sent':
      return thread.lastMessage?.direction === 'outbound';
    case 'mentions':
      return open ? null : false;
    case 'quarantined':
      return null;
  }
}
