import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { threads } from '../api/endpoints';
import { messageKeys } from '../messages/queries';
import { createHints } from './hints';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('does not take messages for fresh that were asked for before the thread changed', async () => {
  vi.spyOn(threads, 'one').mockRejectedValue(new Error('not asked here'));
  const queryClient = new QueryClient();
  const queryKey = messageKeys.list('pointed-at');
  let answer: (messages: string) => void = () => undefined;
  const ahead = queryClient.prefetchQuery({
    queryKey,
    queryFn: () =>
      new Promise<string>((done) => {
        answer = done;
      }),
  });
  const hints = createHints(queryClient, () => null);
  hints.thread('pointed-at', 2);
  await vi.advanceTimersByTimeAsync(200);
  answer('as it was before');
  await ahead;
  await vi.advanceTimersByTimeAsync(0);
  const state = queryClient.getQueryState(queryKey);
  expect(state?.data === undefined || state.isInvalidated).toBe(true);
  hints.close();
});
