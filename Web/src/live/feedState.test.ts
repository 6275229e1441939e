import { describe, expect, it } from 'vitest';
import { type Feed, type FeedEvent, initialFeed, reduceFeed, SILENCE_MS } from './feedState';

function feedAfter(...events: [FeedEvent, number][]): Feed {
  return events.reduce((feed, [event, now]) => reduceFeed(feed, event, now), initialFeed);
}

describe('the live feed', () => {
  it('is live only after the catch-up of this connection', () => {
    expect(feedAfter([{ type: 'hello' }, 1]).state).toBe('catching-up');
    expect(feedAfter([{ type: 'hello' }, 1], [{ type: 'caughtUp', round: 1 }, 2]).state).toBe('live');
  });

  it('does not take an earlier catch-up for this one', () => {
    const feed = feedAfter(
      [{ type: 'hello' }, 1],
      [{ type: 'lost' }, 2],
      [{ type: 'hello' }, 3],
      [{ type: 'caughtUp', round: 1 }, 4],
    );
    expect(feed.state).toBe('catching-up');
    expect(reduceFeed(feed, { type: 'caughtUp', round: 2 }, 5).state).toBe('live');
  });

  it('is down when the connection is lost, and a late ping does not revive it', () => {
    const feed = feedAfter(
      [{ type: 'hello' }, 1],
      [{ type: 'caughtUp', round: 1 }, 2],
      [{ type: 'lost' }, 3],
      [{ type: 'ping' }, 4],
    );
    expect(feed.state).toBe('down');
  });

  it('is down after silence, and not before', () => {
    const live = feedAfter(
      [{ type: 'hello' }, 1000],
      [{ type: 'caughtUp', round: 1 }, 1000],
      [{ type: 'ping' }, 2000],
    );
    const at = (now: number) => reduceFeed(live, { type: 'tick', now }, now).state;
    expect(at(2000 + SILENCE_MS)).toBe('live');
    expect(at(2001 + SILENCE_MS)).toBe('down');
  });

  it('catches up again after a second hello, as when another tab connects anew', () => {
    const feed = feedAfter(
      [{ type: 'hello' }, 1],
      [{ type: 'caughtUp', round: 1 }, 2],
      [{ type: 'hello' }, 3],
    );
    expect(feed).toMatchObject({ state: 'catching-up', round: 2 });
  });
});
