import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Thread } from '../api/types';
import { holdOrder } from './lists';

/** Up to here the list counts as at its top, and new rows may simply come in. */
const TOP_PX = 8;
/** While the pointer is being aimed, rows hold still a moment longer than a hand needs to click. */
const AIM_MS = 700;

/**
 * The list never jumps under the pointer: scrolled down, or while the pointer moves over it, rows keep
 * their places and new ones are only counted. `listKey` names the list; another list starts afresh.
 */
export function useSteadyOrder(fresh: Thread[], listKey: string, scroller: RefObject<HTMLElement | null>) {
  const [held, setHeld] = useState<{ key: string; rows: Thread[] } | null>(null);
  const aim = useRef<number>(undefined);
  const latest = useRef({ fresh, listKey });
  latest.current = { fresh, listKey };

  const hold = useCallback(() => {
    setHeld((before) => {
      const { fresh: rows, listKey: key } = latest.current;
      return before?.key === key ? before : { key, rows };
    });
  }, []);

  const settle = useCallback(() => setHeld(null), []);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const settleIfStill = () => {
      if (element.scrollTop <= TOP_PX) settle();
    };
    const onScroll = () => {
      if (element.scrollTop > TOP_PX) hold();
      else settle();
    };
    const onMove = (event: PointerEvent) => {
      if (event.pointerType !== 'mouse') return;
      hold();
      window.clearTimeout(aim.current);
      aim.current = window.setTimeout(settleIfStill, AIM_MS);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('pointermove', onMove, { passive: true });
    return () => {
      window.clearTimeout(aim.current);
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('pointermove', onMove);
    };
  }, [scroller, hold, settle]);

  if (held?.key !== listKey) return { rows: fresh, waiting: 0, settle };
  return { ...holdOrder(held.rows, fresh), settle };
}
