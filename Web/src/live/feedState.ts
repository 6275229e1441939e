/**
 * What is known of the live feed, as a pure reducer. The editor may be used only in `live`: the feed is up
 * and what was missed has been fetched.
 */
export type FeedState = 'connecting' | 'catching-up' | 'live' | 'down';

export type FeedEvent =
  | { type: 'hello' }
  | { type: 'caughtUp'; round: number }
  | { type: 'ping' }
  | { type: 'lost' }
  | { type: 'tick'; now: number };

export interface Feed {
  state: FeedState;
  /** Counts hellos: a catch-up that belongs to an earlier connection proves nothing about this one. */
  round: number;
  /** When the feed was last heard, on the browser's monotonic clock. */
  heardAt: number;
}

/** Pings come every 15 s; after this long without any, the feed counts as down. */
export const SILENCE_MS = 40_000;

export const initialFeed: Feed = { state: 'connecting', round: 0, heardAt: 0 };

export function reduceFeed(feed: Feed, event: FeedEvent, now: number): Feed {
  switch (event.type) {
    case 'hello':
      return { state: 'catching-up', round: feed.round + 1, heardAt: now };
    case 'caughtUp':
      return feed.state === 'catching-up' && event.round === feed.round ? { ...feed, state: 'live' } : feed;
    case 'ping':
      return feed.state === 'down' ? feed : { ...feed, heardAt: now };
    case 'lost':
      return feed.state === 'connecting' || feed.state === 'down' ? feed : { ...feed, state: 'down' };
    case 'tick':
      return event.now - feed.heardAt > SILENCE_MS && feed.state !== 'down'
        ? { ...feed, state: 'down' }
        : feed;
  }
}
