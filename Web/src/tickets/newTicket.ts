import { createStore } from '../shared/store';

/** Whether a ticket without a conversation is being written. */
export const newTicketOpen = createStore(false);

export function openNewTicket(): void {
  newTicketOpen.set(true);
}
