/** Days as the Api has them: 2026-11-28, in the account's time zone. */
export interface Period {
  from: string;
  to: string;
}

export const periods = ['month', 'lastMonth', 'week', 'days30', 'own'] as const;
export type PeriodName = (typeof periods)[number];

/** The longest that is answered. */
export const MAX_DAYS = 92;

export function todayIn(timeZone: string, now: number): string {
  // Swedish writes dates as ISO does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
}

/** The days of a period that has a name, as of a day. */
export function periodOf(name: Exclude<PeriodName, 'own'>, today: string): Period {
  const [year, month] = today.split('-').map(Number) as [number, number];
  switch (name) {
    case 'month':
      return { from: `${today.slice(0, 8)}01`, to: today };
    case 'lastMonth':
      return { from: iso(Date.UTC(year, month - 2, 1)), to: iso(Date.UTC(year, month - 1, 0)) };
    case 'week':
      return { from: plus(today, -6), to: today };
    case 'days30':
      return { from: plus(today, -29), to: today };
  }
}

/** Whether the Api would answer it. */
export function isPeriod({ from, to }: Period): boolean {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  return days >= 0 && days < MAX_DAYS;
}

function plus(day: string, days: number): string {
  return iso(Date.parse(day) + days * 86_400_000);
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
