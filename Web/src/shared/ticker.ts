import { useSyncExternalStore } from 'react';
import { serverClock } from './serverClock';

const listeners = new Set<() => void>();
let timer: number | undefined;

/** One timer for the whole console, on the server's full seconds, only while something follows it. */
function schedule() {
  const untilNextSecond = 1000 - (serverClock.now() % 1000);
  timer = window.setTimeout(() => {
    for (const listener of listeners) listener();
    if (listeners.size > 0) schedule();
  }, untilNextSecond + 1);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) schedule();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.clearTimeout(timer);
  };
}

/** Follows the server's clock, rendering only when what is read from it changes. */
export function useClock<T extends string | number | boolean>(read: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => read(serverClock.now()));
}

/** The server's time, to the given number of seconds. */
export function useNow(everySeconds: number): number {
  const step = everySeconds * 1000;
  return useClock((now) => Math.floor(now / step) * step);
}
