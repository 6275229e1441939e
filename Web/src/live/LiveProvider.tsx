import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import type { Me } from '../api/types';
import { Notices } from '../assignment/Notices';
import { syncDrafts } from '../composer/draftSync';
import { wakeOutbox } from '../composer/useOutbox';
import { peopleKeys } from '../people/queries';
import { serverClock } from '../shared/serverClock';
import { createStore, useStore } from '../shared/store';
import { catchUp } from './catchUp';
import { followFeed, type LiveMessage } from './feed';
import { type Feed, type FeedEvent, initialFeed, reduceFeed, SILENCE_MS } from './feedState';
import { createHints } from './hints';
import { hearPresence } from './presence';

const feed = createStore<Feed>(initialFeed);
const openThread = createStore<string | null>(null);

export function useFeedState(): Feed['state'] {
  return useStore(feed).state;
}

/** Says which thread is on screen: it is fetched first when catching up, and keeps its row in the list. */
export function useOpenThread(id: string | null): void {
  useEffect(() => {
    openThread.set(id);
    return () => openThread.set(null);
  }, [id]);
}

const CATCH_UP_RETRY_MS = 1500;

/** Follows the feed while somebody is signed in. Hints only: everything they name is fetched (docs/api.md). */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();

  useEffect(() => {
    const hints = createHints(queryClient, openThread.get);
    let retry: number | undefined;
    let closed = false;

    const apply = (event: FeedEvent) => {
      const now = performance.now();
      feed.set((before) => reduceFeed(before, event, now));
    };

    const catchUpNow = async (round: number) => {
      try {
        await catchUp(queryClient, openThread.get());
        apply({ type: 'caughtUp', round });
      } catch {
        // The editor stays locked until a catch-up succeeds or a newer connection starts its own.
        if (closed || feed.get().round !== round || feed.get().state !== 'catching-up') return;
        retry = window.setTimeout(() => void catchUpNow(round), CATCH_UP_RETRY_MS);
      }
    };

    const take = (message: LiveMessage) => {
      if (closed) return;
      apply({ type: message.type === 'lost' ? 'lost' : 'ping' });
      switch (message.type) {
        case 'hello':
          serverClock.observePush(Date.parse(message.serverTime));
          apply({ type: 'hello' });
          wakeOutbox();
          void syncDrafts(queryClient.getQueryData<Me>(peopleKeys.me)?.agent?.id);
          void catchUpNow(feed.get().round);
          break;
        case 'ping':
          serverClock.observePush(Date.parse(message.serverTime));
          break;
        case 'thread':
          hints.thread(message.id, message.version);
          break;
        case 'presence':
          hearPresence(message, queryClient.getQueryData<Me>(peopleKeys.me)?.agent?.id);
          break;
        case 'account':
          void queryClient.invalidateQueries({
            queryKey: message.what === 'templates' ? ['templates'] : ['assignment', message.what],
          });
          break;
        case 'resync':
          // A failure here leaves things as they were; the server says so again at its next renewal.
          void catchUp(queryClient, openThread.get()).catch(() => undefined);
          break;
      }
    };

    feed.set({ ...initialFeed, heardAt: performance.now() });
    const following = followFeed(take);
    const watch = window.setInterval(() => {
      const now = performance.now();
      apply({ type: 'tick', now });
      if (now - feed.get().heardAt > SILENCE_MS) following.takeOver();
    }, 5000);

    return () => {
      closed = true;
      window.clearInterval(watch);
      window.clearTimeout(retry);
      hints.close();
      following.close();
    };
  }, [queryClient]);

  return (
    <>
      {children}
      <Notices />
    </>
  );
}
