/**
 * The 24-hour session as arithmetic: open means now < endsAt, by the server's clock. Nothing waits for an
 * event to be right. A message stamped a little ahead of the server's clock opens it all the same
 * (docs/adr/006), and never shows more than a whole session left.
 */
export type SessionState = 'open' | 'closing' | 'closed';

export interface SessionView {
  state: SessionState;
  hours: number;
  minutes: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SESSION_MS = 24 * HOUR;
/** From here on the session counts as closing (docs/api.md, filter `closing`). */
export const CLOSING_MS = 2 * HOUR;

export function sessionAt(endsAt: string | null, now: number): SessionView {
  const left = endsAt === null ? 0 : Math.min(Date.parse(endsAt) - now, SESSION_MS);
  // A date that cannot be read (NaN) must not look open.
  if (!(left > 0)) return { state: 'closed', hours: 0, minutes: 0 };
  return {
    state: left <= CLOSING_MS ? 'closing' : 'open',
    hours: Math.floor(left / HOUR),
    minutes: Math.floor((left % HOUR) / MINUTE),
  };
}

export function remainingKey({ hours, minutes }: SessionView): 'hours' | 'minutes' | 'soon' {
  if (hours > 0) return 'hours';
  return minutes > 0 ? 'minutes' : 'soon';
}

/** Minutes keep two digits after hours, so that the chip does not change its width: 21 h 04. */
export function remainingValues(view: SessionView) {
  const padded = view.hours > 0 ? String(view.minutes).padStart(2, '0') : String(view.minutes);
  return { hours: view.hours, minutes: padded };
}
