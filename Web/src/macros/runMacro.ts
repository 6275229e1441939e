import type { QueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { notes } from '../api/endpoints';
import { type OwnProperty, ownProperties } from '../api/properties';
import type { Agent, Macro, Thread, TicketChange } from '../api/types';
import { draftsOf, withText } from '../composer/drafts';
import { newKey } from '../composer/outbox';
import { requestReply } from '../composer/replyRequest';
import { messageKeys, storeMessage } from '../messages/queries';
import { errorText } from '../shared/errorText';
import { serverClock } from '../shared/serverClock';
import { toast } from '../shared/ui/Toast';
import { requestTemplates } from '../templates/request';
import { changeTicket } from '../tickets/change';
import { ownKey } from '../tickets/ownProperties';

/** What of a macro changes the ticket. */
export function ticketChangeOf(
  { actions }: Macro,
  meId: string,
  properties: readonly OwnProperty[] = [],
): TicketChange {
  const change: TicketChange = {};
  if (actions.status) change.status = actions.status;
  if (actions.priority) change.priority = actions.priority;
  if (actions.addTags?.length) change.addTags = actions.addTags;
  if (actions.addSkills?.length) change.addSkills = actions.addSkills;
  // A property that is gone, or archived, is not set any more.
  const own = Object.entries(actions.properties ?? {}).filter(([id]) =>
    properties.some((property) => property.id === id && !property.archived),
  );
  if (own.length > 0) change.properties = Object.fromEntries(own);
  if (actions.team) {
    change.teamId = actions.team === 'none' ? null : actions.team;
    // The team's until somebody of it takes it.
    if (!actions.owner && change.teamId) change.ownerId = null;
  }
  if (actions.owner) {
    change.ownerId = actions.owner === 'none' ? null : actions.owner === 'me' ? meId : actions.owner;
  }
  return change;
}

/** Does a macro's acts, by the doors that they have of their own; what goes to the customer is sent by hand. */
export async function runMacro(
  queryClient: QueryClient,
  t: TFunction,
  thread: Thread,
  me: Agent,
  macro: Macro,
): Promise<void> {
  const { note, snippet, template } = macro.actions;
  const own = macro.actions.properties
    ? await queryClient.fetchQuery({
        queryKey: ownKey,
        queryFn: () => ownProperties.list(),
        staleTime: 60_000,
      })
    : [];
  const change = ticketChangeOf(macro, me.id, own);
  const told = t('macros.done', { name: macro.name });
  // First what may be refused: a macro that is run again leaves no second note.
  if (Object.keys(change).length === 0) toast(told);
  else if (!(await changeTicket(queryClient, t, thread, change, { told, openId: thread.id }))) return;
  if (note) {
    try {
      const stored = await notes.add(thread.id, { text: note, mentions: [] }, newKey());
      storeMessage(queryClient, thread.id, stored);
      void queryClient.invalidateQueries({ queryKey: messageKeys.list(thread.id) });
    } catch (error) {
      toast(errorText(t, error));
      return;
    }
  }
  if (snippet) {
    const now = serverClock.now();
    draftsOf(me.id).set((all) => {
      const begun = all[thread.id]?.text;
      return withText(all, thread.id, begun ? `${begun}\n${snippet}` : snippet, now);
    });
    requestReply();
  }
  if (template) requestTemplates(template);
}
