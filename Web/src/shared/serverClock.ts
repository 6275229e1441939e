/**
 * The server's clock, as well as it can be known here. The PC's clock is never trusted: readings of the
 * server's time are pinned to the browser's monotonic clock, each with the error it may have.
 */
export interface ServerClock {
  now(): number;
  /** An answer that carries the server's time, between two readings of the monotonic clock. */
  observeAnswer(serverTime: number, sentAt: number, receivedAt: number, resolution: number): void;
  /** A pushed time: delay on the way can make it look early, never late. */
  observePush(serverTime: number): void;
}

/** How far a pushed time may be off without being delayed. */
const PUSH_ERROR_MS = 250;

export function createServerClock(
  monotonic: () => number = () => performance.now(),
  wall: () => number = () => Date.now(),
): ServerClock {
  // Until the first reading (the sign-in page) the PC's time has to do.
  let offset = wall() - monotonic();
  let error = Number.POSITIVE_INFINITY;

  function take(newOffset: number, newError: number) {
    const contradicts = Math.abs(newOffset - offset) > newError + error;
    if (newError <= error || contradicts) {
      offset = newOffset;
      error = newError;
    }
  }

  return {
    now: () => monotonic() + offset,
    observeAnswer(serverTime, sentAt, receivedAt, resolution) {
      const middle = (sentAt + receivedAt) / 2;
      take(serverTime + resolution / 2 - middle, (receivedAt - sentAt + resolution) / 2);
    },
    observePush(serverTime) {
      const newOffset = serverTime - monotonic();
      // A proxy that buffers makes pushes late: an earlier time than ours proves nothing.
      if (newOffset > offset - PUSH_ERROR_MS) take(newOffset, PUSH_ERROR_MS);
    },
  };
}

export const serverClock = createServerClock();
