import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Thread } from '../api/types';
import { createStore, useStore } from '../shared/store';

/**
 * J and K move a mark through the list. The mark is the browser's own focus on the row's link, so Enter
 * opens it without any code; the request is kept here until the virtualised row is on screen.
 */
const request = createStore<{ step: 1 | -1 } | null>(null);

export function moveMark(step: 1 | -1): void {
  request.set({ step });
}

/** Up and down go from row to row as well, where no key is held beside them. */
export function moveByArrow(event: KeyboardEvent): void {
  const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
  if (ctrlKey || altKey || metaKey || shiftKey || !/^Arrow(?:Up|Down)$/.test(key)) return;
  event.preventDefault();
  moveMark(key === 'ArrowDown' ? 1 : -1);
}

const RENDER_TRIES = 10;

export function useMarkedRow(
  rows: Thread[],
  openId: string | null,
  scroller: RefObject<HTMLElement | null>,
  reveal: (index: number) => void,
): void {
  const asked = useStore(request);
  const latest = useRef({ rows, openId, reveal });
  latest.current = { rows, openId, reveal };

  useEffect(() => {
    if (!asked) return;
    const { rows: now, openId: open, reveal: show } = latest.current;
    const focused = document.activeElement?.closest<HTMLElement>('[data-thread-id]')?.dataset.threadId;
    const from = now.findIndex((thread) => thread.id === (focused ?? open));
    const to = from < 0 ? 0 : Math.max(0, Math.min(now.length - 1, from + asked.step));
    const id = now[to]?.id;
    request.set(null);
    if (id === undefined) return;
    show(to);
    focusWhenRendered(scroller, id, RENDER_TRIES);
  }, [asked, scroller]);
}

function focusWhenRendered(scroller: RefObject<HTMLElement | null>, id: string, tries: number): void {
  const row = scroller.current?.querySelector<HTMLElement>(`[data-thread-id="${CSS.escape(id)}"]`);
  if (row) row.focus();
  else if (tries > 0) requestAnimationFrame(() => focusWhenRendered(scroller, id, tries - 1));
}

/** The row that Tab comes to: the one that was last in use, else the open one, else the first that is drawn. */
export function useReachable(drawn: (string | undefined)[], openId: string | null) {
  const [lastUsed, setLastUsed] = useState<string | null>(null);
  const id = [lastUsed, openId].find((wanted) => wanted !== null && drawn.includes(wanted)) ?? drawn[0];
  const onFocus = ({ target }: FocusEvent) => {
    const focused = target.closest<HTMLElement>('[data-thread-id]')?.dataset.threadId;
    if (focused) setLastUsed(focused);
  };
  return { id, onFocus };
}
