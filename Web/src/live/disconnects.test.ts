import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { threads } from '../api/endpoints';
import type { Page, Thread } from '../api/types';
import { messageKeys } from '../messages/queries';
import { aThread } from '../test/samples';
import { flatten, type ThreadPages } from '../threads/lists';
import { threadKeys } from '../threads/queries';
import { catchUp } from './catchUp';
import { createHints } from './hints';

const THREADS = 12;
const DISCONNECTS = 1_000;

/** Numbers that a seed gives. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

class Away extends Error {}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('S13: 1,000 random disconnects lose and double nothing that is shown', async () => {
  const seed = Number(import.meta.env.VITE_SEED ?? Date.now() % 1_000_000);
  const random = randomFrom(seed);
  const ids = Array.from({ length: THREADS }, (_, n) => `thread-${n}`);
  const server = new Map(ids.map((id) => [id, { version: 1, messages: [`${id}: 0`] }]));
  const of = (id: string) => server.get(id) ?? { version: 0, messages: [] };
  let connected = true;
  // An answer tells what was true when it left; then it takes its time, or the network is gone meanwhile.
  const answer = async <T>(tell: () => T): Promise<T> => {
    if (!connected) throw new Away();
    const told = tell();
    await new Promise((done) => setTimeout(done, random(80)));
    if (!connected) throw new Away();
    return told;
  };
  const threadOf = (id: string): Thread => ({ ...aThread(), id, version: of(id).version });
  vi.spyOn(threads, 'one').mockImplementation((id) => answer(() => threadOf(id)));
  vi.spyOn(threads, 'versions').mockImplementation((asked) =>
    answer(() => Object.fromEntries(asked.map((id) => [id, of(id).version]))),
  );

  const queryClient = new QueryClient({
    defaultOptions: {
      queries: { retry: 5, retryDelay: 50, networkMode: 'always', gcTime: Number.POSITIVE_INFINITY },
    },
  });
  const list = new InfiniteQueryObserver<
    Page<Thread>,
    Error,
    ThreadPages,
    ReturnType<typeof threadKeys.list>,
    string | undefined
  >(queryClient, {
    queryKey: threadKeys.list('open'),
    queryFn: () => answer(() => ({ items: ids.map(threadOf), nextCursor: null })),
    initialPageParam: undefined,
    getNextPageParam: () => undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  list.subscribe(() => undefined);
  let openId = '';
  let close = () => undefined as unknown;
  let shown: QueryObserver<string[]> | undefined;
  const open = (id: string) => {
    close();
    openId = id;
    shown = new QueryObserver<string[]>(queryClient, {
      queryKey: messageKeys.list(id),
      queryFn: () => answer(() => [...of(id).messages]),
      staleTime: Number.POSITIVE_INFINITY,
    });
    close = shown.subscribe(() => undefined);
  };
  const hints = createHints(queryClient, () => openId);
  const reconnect = async () => {
    connected = true;
    // As LiveProvider does: until it succeeds, or the network is gone again.
    for (let tries = 0; tries < 5 && connected; tries++) {
      try {
        await catchUp(queryClient, openId);
        return;
      } catch {
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  };
  const write = () => {
    const id = ids[random(THREADS)] ?? '';
    const thread = of(id);
    thread.version += 1;
    thread.messages.push(`${id}: ${thread.messages.length}`);
    if (connected) hints.thread(id, thread.version);
  };

  open('thread-0');
  await vi.advanceTimersByTimeAsync(200);
  for (let n = 0; n < DISCONNECTS; n++) {
    for (let writes = random(4); writes > 0; writes--) write();
    if (random(4) === 0) open(ids[random(THREADS)] ?? '');
    await vi.advanceTimersByTimeAsync(random(150));
    connected = false;
    for (let writes = random(4); writes > 0; writes--) write();
    if (random(8) === 0) open(ids[random(THREADS)] ?? '');
    await vi.advanceTimersByTimeAsync(random(300));
    void reconnect();
    await vi.advanceTimersByTimeAsync(random(200));
  }
  await vi.advanceTimersByTimeAsync(5_000);

  const listed = flatten(queryClient.getQueryData<ThreadPages>(threadKeys.list('open')));
  expect(listed.map(({ id, version }) => [id, version]).sort(), `seed ${seed}`).toEqual(
    ids.map((id) => [id, of(id).version]).sort(),
  );
  for (const id of ids) {
    open(id);
    await vi.advanceTimersByTimeAsync(500);
    expect(shown?.getCurrentResult().data, `seed ${seed}, ${id}`).toEqual(of(id).messages);
  }
  hints.close();
}, 60_000);
