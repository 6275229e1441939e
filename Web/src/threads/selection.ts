import { createStore } from '../shared/store';

/** Rows that were chosen for an act on all of them. */
export const selection = createStore<ReadonlySet<string>>(new Set());

export function toggleSelected(id: string): void {
  selection.set((before) => {
    const next = new Set(before);
    if (!next.delete(id)) next.add(id);
    return next;
  });
}

export function clearSelection(): void {
  if (selection.get().size > 0) selection.set(new Set());
}

/** X was pressed: the row with the focus, else the open thread. */
export function toggleMarked(openId: string | undefined): void {
  const focused = document.activeElement?.closest<HTMLElement>('[data-thread-id]')?.dataset.threadId;
  const id = focused ?? openId;
  if (id) toggleSelected(id);
}
