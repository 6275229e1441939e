import { useQueryClient } from '@tanstack/react-query';
import { type FocusEvent, type PointerEvent, useEffect, useMemo } from 'react';
import { messagesQuery } from '../messages/queries';

/** A pointer that only passes over the list asks for nothing. */
const REST_MS = 60;

const threadOf = (target: EventTarget) =>
  target instanceof Element ? target.closest<HTMLElement>('[data-thread-id]')?.dataset.threadId : undefined;

/**
 * The messages of the row that somebody is about to open: the one that the pointer rests on or presses, or that J and K have marked.
 * They are in their place when the key or the finger comes up.
 */
export function useFetchAhead() {
  const queryClient = useQueryClient();
  const { handlers, stop } = useMemo(() => {
    let resting: number | undefined;
    const stop = () => window.clearTimeout(resting);
    const fetch = (id: string | undefined) => {
      stop();
      if (id) void queryClient.prefetchInfiniteQuery(messagesQuery(id));
    };
    const handlers = {
      onPointerOver({ target }: PointerEvent) {
        stop();
        const id = threadOf(target);
        if (id) resting = window.setTimeout(() => fetch(id), REST_MS);
      },
      onPointerLeave: stop,
      onPointerDown: ({ target }: PointerEvent) => fetch(threadOf(target)),
      onFocus: ({ target }: FocusEvent) => fetch(threadOf(target)),
    };
    return { handlers, stop };
  }, [queryClient]);
  useEffect(() => stop, [stop]);
  return handlers;
}
