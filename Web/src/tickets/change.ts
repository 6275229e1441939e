import type { QueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { threads, tickets } from '../api/endpoints';
import { errorCode } from '../api/problem';
import type { Thread, Ticket, TicketChange, TicketDetails } from '../api/types';
import { errorText } from '../shared/errorText';
import { clearToast, toast } from '../shared/ui/Toast';
import { findThread, storeThread } from '../threads/queries';
import { agentName, teamName } from './queries';

interface Options {
  /** What was done, said with the offer to take it back; none: it is seen where it was done. */
  told?: string;
  openId: string | null;
  /** The ticket as the change that this one takes back has left it: what has been done to it since stays. */
  undoes?: Ticket;
}

/** The ticket as it will be: shown at once. */
export function applied(
  ticket: Ticket,
  change: TicketChange,
  names: { owner: string | null; team: string | null },
): Ticket {
  const {
    ownerId,
    teamId,
    addSkills = [],
    addTags = [],
    removeTags = [],
    properties = {},
    version: _version,
    ...rest
  } = change;
  const tags = [...new Set([...(change.tags ?? ticket.tags), ...addTags])].filter(
    (tag) => !removeTags.includes(tag),
  );
  const named = (id: string, name: string | null) => ({ id, name: name ?? '…' });
  const owner = ownerId === undefined ? ticket.owner : ownerId === null ? null : named(ownerId, names.owner);
  const team = teamId === undefined ? ticket.team : teamId === null ? null : named(teamId, names.team);
  const needs = change.skills ?? ticket.skills;
  const skills = [...needs.filter(({ id }) => !addSkills.some((more) => more.id === id)), ...addSkills];
  const closing = change.status === 'closed';
  return {
    ...ticket,
    ...rest,
    owner,
    team,
    skills,
    queuedAt: owner || closing ? null : ticket.queuedAt,
    tags,
    properties: withValues(ticket.properties, properties),
    snoozedUntil: closing ? null : (rest.snoozedUntil ?? null),
  };
}

function withValues(
  before: Ticket['properties'],
  set: NonNullable<TicketChange['properties']>,
): Ticket['properties'] {
  const all = Object.entries({ ...before, ...set }).filter(([, value]) => value !== null);
  return Object.fromEntries(all) as Ticket['properties'];
}

/** What takes a change back: the properties that it names, as they were. */
export function reversed(before: Ticket, change: TicketChange): TicketChange {
  const back: TicketChange = {};
  if (change.status !== undefined) back.status = before.status;
  if (change.priority !== undefined) back.priority = before.priority;
  if (change.category !== undefined) back.category = before.category;
  if (change.ownerId !== undefined) back.ownerId = before.owner?.id ?? null;
  if (change.teamId !== undefined) back.teamId = before.team?.id ?? null;
  if (change.subject !== undefined) back.subject = before.subject;
  if (change.skills || change.addSkills) back.skills = before.skills;
  if (change.tags || change.addTags || change.removeTags) back.tags = before.tags;
  if (change.properties) {
    const named = Object.keys(change.properties).map((id) => [id, before.properties[id] ?? null]);
    back.properties = Object.fromEntries(named);
  }
  // Closing ends a snooze: taken back, it is put off again.
  if (change.snoozedUntil !== undefined || (change.status === 'closed' && before.snoozedUntil))
    back.snoozedUntil = before.snoozedUntil;
  return back;
}

/** The ticket within its details, which lists hold. */
function ticketOf(details: TicketDetails): Ticket {
  const { id, number, status, subject, priority, category, owner, team, skills, queuedAt, tags } = details;
  const { properties, snoozedUntil, sla, version } = details;
  return {
    id,
    number,
    status,
    subject,
    priority,
    category,
    owner,
    team,
    skills,
    queuedAt,
    tags,
    properties,
    snoozedUntil,
    sla,
    version,
  };
}

/** Two keys one after the other are two changes in that order, the second made on what the first has left. */
const underWay = new Map<string, Promise<unknown>>();

/** Changes a thread's ticket: on screen at once, settled by the answer, taken back from the toast. False: it was refused. */
export function changeTicket(
  queryClient: QueryClient,
  t: TFunction,
  thread: Thread,
  change: TicketChange,
  options: Options,
): Promise<boolean> {
  // What the last toast would take back is not what was done last any more.
  clearToast();
  const next = (underWay.get(thread.id) ?? Promise.resolve()).then(() =>
    changeNow(queryClient, t, findThread(queryClient, thread.id) ?? thread, change, options),
  );
  underWay.set(thread.id, next);
  return next;
}

async function changeNow(
  queryClient: QueryClient,
  t: TFunction,
  thread: Thread,
  change: TicketChange,
  { told, openId, undoes }: Options,
): Promise<boolean> {
  const before = thread.ticket;
  if (!before) return false;
  if (undoes && (before.id !== undoes.id || before.version !== undoes.version)) {
    toast(t('ticket.undoTooLate', { number: undoes.number }));
    return false;
  }
  const show = (ticket: Ticket) => {
    const known = findThread(queryClient, thread.id) ?? thread;
    storeThread(queryClient, { ...known, ticket }, openId);
  };
  const snoozes = change.snoozedUntil !== undefined || change.status === 'closed';
  const kept = snoozes ? change : { ...change, snoozedUntil: before.snoozedUntil };
  const names = {
    owner: agentName(queryClient, change.ownerId ?? null),
    team: teamName(queryClient, change.teamId ?? null),
  };
  show(applied(before, kept, names));
  try {
    const { version } = before;
    const after = ticketOf(await tickets.change(before.id, { version, ...change }));
    show(after);
    if (!told) return true;
    const undo = () =>
      void changeTicket(queryClient, t, thread, reversed(before, change), { openId, undoes: after });
    toast(told, { label: t('common.undo'), run: undo });
    return true;
  } catch (error) {
    show(before);
    toast(errorText(t, error));
    if (errorCode(error) === 'ticket_changed' || errorCode(error) === 'ticket_superseded') {
      const fresh = await threads.one(thread.id).catch(() => null);
      if (fresh) storeThread(queryClient, fresh, openId);
    }
    return false;
  }
}
