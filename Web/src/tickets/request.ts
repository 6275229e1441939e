import { createStore } from '../shared/store';

/** What keys and the palette may ask of the open thread's ticket. */
export type TicketAct = 'owner' | 'mine' | 'close' | 'tag' | 'snooze' | 'note' | 'macro';

/** The last act asked for; the open thread answers. */
export const ticketRequest = createStore<{ act: TicketAct } | null>(null);

export function requestTicket(act: TicketAct): void {
  ticketRequest.set({ act });
}
