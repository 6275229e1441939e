import createClient, { type Middleware } from 'openapi-fetch';
import { serverClock } from '../shared/serverClock';
import { ProblemError, problemFrom } from './problem';
import type { paths } from './schema';

const listeners = new Set<() => void>();

/** Called whenever any request finds that nobody is signed in any more. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const refused = new Set<() => void>();

/** Called when a request finds that the role does not allow it: somebody may have changed it while the page was open. */
export function onNotAllowed(listener: () => void): void {
  refused.add(listener);
}

export function reportSignedOut(): void {
  for (const listener of listeners) listener();
}

function leaveFor(path: string): void {
  if (window.location.pathname !== path) window.location.assign(path);
}

const sentAt = new WeakMap<Request, number>();

const house: Middleware = {
  onRequest({ request }) {
    // The cookie alone changes nothing: another site cannot add this header (docs/api.md).
    if (request.method !== 'GET') request.headers.set('X-Threadkeep', 'console');
    sentAt.set(request, performance.now());
    return request;
  },
  async onResponse({ request, response }) {
    const date = Date.parse(response.headers.get('Date') ?? '');
    const started = sentAt.get(request);
    if (!Number.isNaN(date) && started !== undefined) {
      serverClock.observeAnswer(date, started, performance.now(), 1000);
    }
    if (response.ok) return;
    const body = await response.json().catch(() => null);
    const problem = problemFrom(response.status, body, response.headers.get('Retry-After'));
    if (problem.code === 'not_signed_in') reportSignedOut();
    if (problem.code === 'not_allowed') for (const listener of refused) listener();
    // The account began to ask for a second factor while this page was open: nothing else is answered before it is set up.
    if (problem.code === 'second_factor_required' && request.method === 'GET') leaveFor('/settings/security');
    throw problem;
  },
};

export const client = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '' });
client.use(house);

/** The answer's body in the console's own types; a refusal has thrown before. */
export async function answer<T>(request: Promise<{ data?: unknown; response: Response }>): Promise<T> {
  const { data, response } = await request;
  if (data === undefined && response.status !== 204) {
    throw new ProblemError({ status: response.status, code: 'unavailable' });
  }
  return data as T;
}
