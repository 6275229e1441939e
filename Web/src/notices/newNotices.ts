import type { Notice } from '../api/notices';

/** What has been shown already: each notice with how many messages it stood for, and the time of the newest. */
export interface Known {
  counts: Map<string, number>;
  newestAt: string;
}

export function knownOf(items: Notice[]): Known {
  return {
    counts: new Map(items.map(({ id, count }) => [id, count])),
    newestAt: items[0]?.at ?? '',
  };
}

/**
 * What has come since, the newest first: notices that were not there, and those that stand for more messages than before. What was
 * further down the list and has moved up because others were seen is not new.
 */
export function newOf(items: Notice[], known: Known): Notice[] {
  return items.filter(({ id, count, at }) => {
    const before = known.counts.get(id);
    return before === undefined ? at > known.newestAt : count > before;
  });
}
