import { people } from '../api/endpoints';
import { serverClock } from '../shared/serverClock';
import type { PresenceMessage } from './presence';

/** A hint from the server, or what this browser says about the connection to it. */
export type LiveMessage =
  | { type: 'hello'; serverTime: string }
  | { type: 'ping'; serverTime: string }
  | { type: 'thread'; id: string; version: number }
  | { type: 'resync' }
  | { type: 'account'; what: string }
  | PresenceMessage
  | { type: 'lost' };

/** Between tabs: the hints themselves, a new tab's question whether the feed is up, and the answer to it. */
type TabMessage =
  | LiveMessage
  | { type: 'who'; tab: string }
  | { type: 'up'; tab: string; serverTime: string };

const NAME = 'threadkeep-live';
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/**
 * One connection to `/api/v1/live` for all tabs of this browser: browsers allow six connections to a
 * server over HTTP/1.1, and each tab would hold one. The tab that has the lock connects and passes
 * everything on; when it goes, the next one gets the lock and connects anew. Without Web Locks (plain
 * http in a network) each tab connects for itself.
 */
export function followFeed(listener: (message: LiveMessage) => void): { close(): void; takeOver(): void } {
  const tab = crypto.getRandomValues(new Uint32Array(2)).join('-');
  const closing = new AbortController();
  const shared = typeof BroadcastChannel !== 'undefined' && navigator.locks !== undefined;
  const tabs = shared ? new BroadcastChannel(NAME) : null;
  let leading = false;
  let up = false;

  const emit = (message: LiveMessage) => {
    if (message.type === 'hello') up = true;
    if (message.type === 'lost') up = false;
    tabs?.postMessage(message);
    listener(message);
  };

  const heardFromTab = (message: TabMessage) => {
    if (message.type === 'who') {
      if (leading && up) {
        const serverTime = new Date(serverClock.now()).toISOString();
        tabs?.postMessage({ type: 'up', tab: message.tab, serverTime } satisfies TabMessage);
      }
    } else if (message.type === 'up') {
      if (message.tab === tab) listener({ type: 'hello', serverTime: message.serverTime });
    } else if (!leading) {
      listener(message);
    }
  };

  const lead = async (stolen: AbortSignal) => {
    leading = true;
    await connect(emit, AbortSignal.any([closing.signal, stolen]));
    leading = false;
  };

  /** Waits for the lock and holds it while connected; `steal` takes it from a tab that has gone silent. */
  const request = async (steal: boolean) => {
    const stolen = new AbortController();
    try {
      const options: LockOptions = steal ? { steal: true } : { signal: closing.signal };
      await navigator.locks.request(NAME, options, () => lead(stolen.signal));
    } catch {
      // This tab is leaving, or another one took over: then stand in line again.
      stolen.abort();
      if (!closing.signal.aborted) void request(false);
    }
  };

  if (tabs) {
    tabs.onmessage = ({ data }: MessageEvent<TabMessage>) => heardFromTab(data);
    tabs.postMessage({ type: 'who', tab } satisfies TabMessage);
    void request(false);
  } else {
    void lead(new AbortController().signal);
  }

  return {
    close() {
      closing.abort();
      tabs?.close();
    },
    /** The leading tab has gone silent (frozen, asleep): this one connects instead. */
    takeOver() {
      if (tabs && !leading && !closing.signal.aborted) void request(true);
    },
  };
}

/** Holds a connection until the signal; EventSource gives up on refusals, so reconnecting is done here. */
async function connect(emit: (message: LiveMessage) => void, signal: AbortSignal): Promise<void> {
  let wait = FIRST_RETRY_MS;
  while (!signal.aborted) {
    const heard = await listenOnce(emit, signal);
    if (signal.aborted) return;
    emit({ type: 'lost' });
    if (heard) wait = FIRST_RETRY_MS;
    // Spread out, so that a restarted server is not met by all browsers at the same moment.
    await pause(wait * (0.5 + Math.random()), signal);
    wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    // A refusal does not say why: signed out (the client then shows the sign-in page) or out of reach.
    await people.me().catch(() => undefined);
  }
}

const SILENT_MS = 40_000;

/** One connection from open to loss; true if the server said hello. */
function listenOnce(emit: (message: LiveMessage) => void, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let greeted = false;
    const source = new EventSource('/api/v1/live');
    const end = () => {
      window.clearTimeout(silence);
      source.close();
      window.removeEventListener('offline', end);
      signal.removeEventListener('abort', end);
      resolve(greeted);
    };
    let silence = window.setTimeout(end, SILENT_MS);
    signal.addEventListener('abort', end);
    // A network that is gone ends no stream by itself: what the browser knows need not wait for silence.
    window.addEventListener('offline', end);
    source.onerror = end;
    for (const type of ['hello', 'ping', 'thread', 'resync', 'presence', 'account'] as const) {
      source.addEventListener(type, (event) => {
        window.clearTimeout(silence);
        silence = window.setTimeout(end, SILENT_MS);
        if (type === 'hello') greeted = true;
        const message = read(type, event.data);
        if (message) emit(message);
      });
    }
  });
}

function read(type: string, data: string): LiveMessage | null {
  try {
    return { ...JSON.parse(data), type } as LiveMessage;
  } catch {
    return null;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      window.clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = window.setTimeout(done, ms);
    signal.addEventListener('abort', done);
    window.addEventListener('online', done);
  });
}
