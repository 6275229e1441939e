import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import type { Me } from '../api/types';
import { approvalKeys } from '../approvals/keys';
import { syncDrafts } from '../composer/draftSync';
import { wakeOutbox } from '../composer/useOutbox';
import { noticeKeys } from '../notices/queries';
import { peopleKeys } from '../people/queries';
import { serverClock } from '../shared/serverClock';
import { createStore, useStore } from '../shared/store';
import { later } from '../shared/ui/later';
import { threadKeys } from '../threads/queries';
import { viewKeys } from '../views/keys';
import { catchUp } from './catchUp';
import { followFeed, type LiveMessage } from './feed';
import { type Feed, type FeedEvent, initialFeed, reduceFeed, SILENCE_MS } from './feedState';
import { createHints } from './hints';
import { openThread } from './openThread';
import { hearPresence } from './presence';

const feed = createStore<Feed>(initialFeed);

export function useFeedState(): Feed['state'] {
  return useStore(feed).state;
}

const CATCH_UP_RETRY_MS = 1500;
/** Several notices that come together are fetched once. */
const NOTICES_MS = 300;
const WATCH_MS = 1500;

const NoticeWatch = later(async () => (await import('../notices/NoticeWatch')).NoticeWatch);

/** Follows the feed while somebody is signed in. Hints only: everything they name is fetched (docs/api.md). */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();

  useEffect(() => {
    const hints = createHints(queryClient, openThread.get);
    let retry: number | undefined;
    let told: number | undefined;
    let closed = false;

    const fetchNotices = () => {
      told ??= window.setTimeout(() => {
        told = undefined;
        void queryClient.invalidateQueries({ queryKey: noticeKeys.root });
      }, NOTICES_MS);
    };

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
          void queryClient.invalidateQueries({ queryKey: approvalKeys.root });
          fetchNotices();
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
          if (message.what === 'notices') fetchNotices();
          else if (message.what === 'drafts')
            void syncDrafts(queryClient.getQueryData<Me>(peopleKeys.me)?.agent?.id);
          else if (message.what === 'views') {
            void queryClient.invalidateQueries({ queryKey: viewKeys.list });
            void queryClient.invalidateQueries({ queryKey: threadKeys.counts });
          } else
            void queryClient.invalidateQueries({
              queryKey: message.what === 'availability' ? ['assignment', message.what] : [message.what],
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
      window.clearTimeout(told);
      hints.close();
      following.close();
    };
  }, [queryClient]);

  return (
    <>
      {children}
      <Watch />
    </>
  );
}

/** Fetched a moment after the page is live: what there is to see comes first. */
function Watch() {
  const [begun, setBegun] = useState(false);
  const live = useFeedState() === 'live';
  useEffect(() => {
    if (!live) return;
    const timer = window.setTimeout(() => setBegun(true), WATCH_MS);
    return () => window.clearTimeout(timer);
  }, [live]);
  return begun && <NoticeWatch />;
}
