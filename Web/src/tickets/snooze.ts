export type SnoozeChoice = 'hour' | 'threeHours' | 'tomorrow' | 'monday';

const HOUR = 3_600_000;

/** When a ticket that is put off comes back, on the reader's own clock face; mornings begin at nine. */
export function snoozeTime(choice: SnoozeChoice, now: number): Date {
  if (choice === 'hour') return new Date(now + HOUR);
  if (choice === 'threeHours') return new Date(now + 3 * HOUR);
  const date = new Date(now);
  date.setHours(9, 0, 0, 0);
  const days = choice === 'tomorrow' ? 1 : (8 - date.getDay()) % 7 || 7;
  date.setDate(date.getDate() + days);
  return date;
}

/** The server takes a year at most; a day less, so that a clock which is a little off does not matter. */
export const LONGEST_SNOOZE_MS = 365 * 24 * HOUR;
