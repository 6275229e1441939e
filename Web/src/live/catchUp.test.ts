import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it, vi } from 'vitest';
import { threads } from '../api/endpoints';
import { messageKeys } from '../messages/queries';
import { catchUp, changedIds } from './catchUp';

it('fetches what has another version, whichever way, and nothing that is gone', () => {
  const shown = new Map([
    ['same', 3],
    ['newer', 3],
    ['gone', 3],
  ]);
  expect(changedIds(shown, { same: 3, newer: 5 })).toEqual(['newer']);
});

it('trusts nothing that was kept unseen while the feed was away', async () => {
  vi.spyOn(threads, 'versions').mockResolvedValue({});
  const queryClient = new QueryClient();
  queryClient.setQueryData(messageKeys.list('closed'), 'before');
  const answers: ((messages: string) => void)[] = [];
  const asking = queryClient.prefetchQuery({
    queryKey: messageKeys.list('asked'),
    queryFn: () => new Promise<string>((done) => answers.push(done)),
  });
  await catchUp(queryClient, null);
  answers[0]?.('before');
  await asking;
  await vi.waitFor(() =>
    expect(queryClient.getQueryState(messageKeys.list('closed'))?.isInvalidated).toBe(true),
  );
  expect(queryClient.getQueryData(messageKeys.list('asked'))).toBeUndefined();

  const fetched = vi.fn().mockResolvedValue('after');
  const opened = new QueryObserver(queryClient, {
    queryKey: messageKeys.list('closed'),
    queryFn: fetched,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const close = opened.subscribe(() => undefined);
  await vi.waitFor(() => expect(opened.getCurrentResult().data).toBe('after'));
  close();
});
