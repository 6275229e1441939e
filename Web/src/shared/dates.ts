import { currentLanguage } from '../i18n';

/** The reader's own variety of the chosen language (en-GB, en-US), so that dates look as they are used to. */
function locale(): string {
  const language = currentLanguage();
  return navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(time: number, options: Intl.DateTimeFormatOptions): string {
  const tag = locale();
  const key = tag + JSON.stringify(options);
  let formatter = formats.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(tag, options);
    formats.set(key, formatter);
  }
  const text = formatter.format(time);
  // Japanese writes the weekday in full-width brackets: 11月23日（月）.
  return currentLanguage() === 'ja' ? text.replace('(', '（').replace(')', '）') : text;
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

export function timeOfDay(at: string | number, timeZone?: string): string {
  return format(toTime(at), { ...clock, timeZone });
}

/** 2026年11月23日 14:31 / 23 Nov 2026, 14:31 */
export function exact(at: string | number): string {
  return format(toTime(at), { year: 'numeric', month: shortMonth(), day: 'numeric', ...clock });
}

/** As a clock elsewhere shows it, with the weekday: Mon 23 Nov, 09:00. */
export function exactInZone(at: string, timeZone: string): string {
  return format(toTime(at), { weekday: 'short', month: shortMonth(), day: 'numeric', ...clock, timeZone });
}

/** A date without a time: Mon 23 Nov 2026. */
export function dayInZone(date: string): string {
  return format(Date.parse(`${date}T00:00:00Z`), {
    weekday: 'short',
    year: 'numeric',
    month: shortMonth(),
    day: 'numeric',
    timeZone: 'UTC',
  });
}

/** With seconds, for the ticks' own times. */
export function toTheSecond(at: string | number): string {
  return format(toTime(at), { month: shortMonth(), day: 'numeric', ...clock, second: '2-digit' });
}

/** 11月23日（月） / Monday 23 November; with the year where it is not this one. */
export function dayLine(at: string | number, now: number): string {
  const time = toTime(at);
  const year = new Date(time).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  const weekday = currentLanguage() === 'ja' ? 'short' : 'long';
  return format(time, { year, month: 'long', day: 'numeric', weekday });
}

/** A date to plan by: 11月28日（土） / Sat, 28 Nov. */
export function shortDate(at: string | number, timeZone?: string): string {
  return format(toTime(at), { month: shortMonth(), day: 'numeric', weekday: 'short', timeZone });
}

export function dayKey(at: string | number): string {
  const date = new Date(toTime(at));
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** For lists: how long ago, then yesterday, then the date. `justNow` is the catalogue's word. */
export function relative(at: string, now: number, justNow: string): string {
  const time = toTime(at);
  const age = Math.max(0, now - time);
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'narrow' });
  if (age < MINUTE) return justNow;
  if (age < HOUR) return words.format(-Math.floor(age / MINUTE), 'minute');
  if (dayKey(time) === dayKey(now)) return words.format(-Math.floor(age / HOUR), 'hour');
  if (dayKey(time) === dayKey(now - 24 * HOUR)) return words.format(-1, 'day');
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return format(time, { year: sameYear ? undefined : 'numeric', month: shortMonth(), day: 'numeric' });
}

export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** A number that somebody entered, with all of its digits. */
export function precise(value: number): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 10 }).format(value);
}

/** A measured value: no more digits than it deserves (0.42, 3.7, 128). */
export function measured(value: number): string {
  const maximumFractionDigits = value >= 100 ? 0 : value >= 1 ? 1 : 2;
  return new Intl.NumberFormat(locale(), { maximumFractionDigits }).format(value);
}

/** 40 s, 12 min, 3 h, 5 days: the two ends of a duration's scale never need both. */
export function duration(seconds: number): string {
  const scale = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, unit] = scale.find(([size]) => seconds >= size) ?? scale[3];
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'short' }).format(
    Math.floor(seconds / size),
  );
}

/** 4.2 MB, 310 kB. */
export function fileSize(bytes: number): string {
  const kilobytes = bytes / 1024;
  const [value, unit] = kilobytes < 1000 ? [kilobytes, 'kB'] : [kilobytes / 1024, 'MB'];
  const maximumFractionDigits = value < 10 ? 1 : 0;
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits }).format(value)} ${unit}`;
}

function shortMonth(): 'long' | 'short' {
  // Japanese has no short month; `long` gives 11月 in every environment.
  return currentLanguage() === 'ja' ? 'long' : 'short';
}

function toTime(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at);
}

/** A moment as a field for date and time writes it: by the reader's own clock. */
export function localInput(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
