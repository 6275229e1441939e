import type { InfiniteData } from '@tanstack/react-query';
import type { Page, Thread } from '../api/types';

export type ThreadPages = InfiniteData<Page<Thread>, string | undefined>;

export function flatten(pages: Pick<ThreadPages, 'pages'> | undefined): Thread[] {
  const seen = new Set<string>();
  const all: Thread[] = [];
  // A thread that moved between two page requests is in both: the first place counts.
  for (const thread of pages?.pages.flatMap((page) => page.items) ?? []) {
    if (seen.has(thread.id)) continue;
    seen.add(thread.id);
    all.push(thread);
  }
  return all;
}

interface Placing {
  /** False: it is taken out. Null: nobody knows yet, so it is updated where it stands. */
  matches: boolean | null;
  /** The open thread keeps its row even where it no longer matches: it must not vanish while being read. */
  keepId: string | null;
}

/** The cached list with the fresh state of one thread: moved, added or taken out. Never goes back in version. */
export function placeThread(data: ThreadPages, thread: Thread, placing: Placing): ThreadPages {
  const known = flatten(data).find((other) => other.id === thread.id);
  if (known && known.version > thread.version) return data;
  const { matches, keepId } = placing;
  // What the view shows beside the usual comes with the view's own answers alone.
  const fresh = { ...thread, columns: thread.columns ?? known?.columns };
  const inPlace = matches === null || (!matches && thread.id === keepId);
  if (inPlace) {
    return mapPages(data, (items) => items.map((other) => (other.id === thread.id ? fresh : other)));
  }
  const without = mapPages(data, (items) => items.filter((other) => other.id !== thread.id));
  return matches ? insert(without, fresh) : without;
}

/** Newest activity first; what belongs behind the last loaded row comes with its own page. */
function insert(data: ThreadPages, thread: Thread): ThreadPages {
  const at = data.pages.findIndex(
    (page) => page.nextCursor === null || page.items.some((other) => isBefore(thread, other)),
  );
  if (at < 0) return data;
  return {
    ...data,
    pages: data.pages.map((page, index) => {
      if (index !== at) return page;
      const found = page.items.findIndex((other) => isBefore(thread, other));
      const position = found < 0 ? page.items.length : found;
      return { ...page, items: page.items.toSpliced(position, 0, thread) };
    }),
  };
}

function isBefore(thread: Thread, other: Thread): boolean {
  return Date.parse(thread.lastActivityAt) >= Date.parse(other.lastActivityAt);
}

function mapPages(data: ThreadPages, change: (items: Thread[]) => Thread[]): ThreadPages {
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) };
}

/**
 * What is shown while the list must hold still: the rows in the order they had, each with its newest
 * content, then rows loaded further down. `waiting` is how many fresh rows stand above the first one.
 */
export function holdOrder(shown: Thread[], fresh: Thread[]): { rows: Thread[]; waiting: number } {
  const byId = new Map(fresh.map((thread) => [thread.id, thread]));
  const shownIds = new Set(shown.map((thread) => thread.id));
  const rows = shown.map((thread) => byId.get(thread.id) ?? thread);
  const firstStill = shown.find((thread) => byId.has(thread.id));
  const anchor = firstStill ? fresh.findIndex((thread) => thread.id === firstStill.id) : fresh.length;
  const lastShown = fresh.findLastIndex((thread) => shownIds.has(thread.id));
  const below = fresh.slice(lastShown + 1).filter((thread) => !shownIds.has(thread.id));
  return { rows: lastShown < 0 ? rows : [...rows, ...below], waiting: anchor };
}
