import { QueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { expect, it, vi } from 'vitest';
import { tickets } from '../api/endpoints';
import type { TicketDetails } from '../api/types';
import { runToastAction } from '../shared/ui/Toast';
import { aThread } from '../test/samples';
import { storeThread, threadKeys } from '../threads/queries';
import { changeTicket } from './change';

const t = ((key: string) => key) as unknown as TFunction;

async function closed() {
  const thread = aThread();
  const ticket = thread.ticket;
  if (!ticket) throw new Error('the sample has a ticket');
  const queryClient = new QueryClient();
  queryClient.setQueryData(threadKeys.one(thread.id), thread);
  const change = vi
    .spyOn(tickets, 'change')
    .mockImplementation(
      async (_id, { status }) =>
        ({ ...ticket, status: status ?? ticket.status, version: ticket.version + 1 }) as TicketDetails,
    );
  await changeTicket(queryClient, t, thread, { status: 'closed' }, { told: 'done', openId: null });
  return { queryClient, thread, ticket, change };
}

it('taking a change back names the ticket and the version that the change has left', async () => {
  const { ticket, change } = await closed();
  expect(runToastAction()).toBe(true);
  await vi.waitFor(() => expect(change).toHaveBeenCalledTimes(2));
  expect(change.mock.lastCall).toEqual([ticket.id, { version: ticket.version + 1, status: ticket.status }]);
});

it('what came after it stays: a new ticket, or what a colleague did', async () => {
  for (const later of [{ id: 'another', number: 2, version: 1 }, { version: 9 }]) {
    const { queryClient, thread, ticket, change } = await closed();
    storeThread(
      queryClient,
      { ...thread, version: thread.version + 5, ticket: { ...ticket, ...later } },
      null,
    );
    expect(runToastAction()).toBe(true);
    await Promise.resolve();
    await Promise.resolve();
    expect(change).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
  }
});
