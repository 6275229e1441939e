// @vitest-environment jsdom
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { describe, expect, it, vi } from 'vitest';
import { isPassing, ProblemError, problemFrom } from '../api/problem';
import { clampWidth } from '../app/panes';
import { formatWaId } from '../contact/phone';
import { timeZoneOf } from '../contact/timeZones';
import { setLanguage, startI18n } from '../i18n';
import { safeReturnTo } from '../people/returnTo';
import { quotaView } from '../quota/meter';
import { sandboxAddress } from '../threads/sandbox';
import { dayLine } from './dates';
import { colourOf, initialsOf } from './ui/Avatar';

describe('people', () => {
  it('return to a path of this console only', () => {
    expect(safeReturnTo('/inbox/all/t1?q=x')).toBe('/inbox/all/t1?q=x');
    for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in', 7]) {
      expect(safeReturnTo(evil)).toBeUndefined();
    }
  });

  it('have initials and a colour of their own', () => {
    expect(initialsOf('田中 結衣')).toBe('田');
    expect(initialsOf('Bruno da Costa Esteves')).toBe('BE');
    expect(initialsOf('+81 90-1234-5678')).toBe('78');
    expect(initialsOf('')).toBe('');
    expect(colourOf('a')).toBe(colourOf('a'));
  });
});

describe('numbers', () => {
  const format = (waId: string) => formatWaId(parsePhoneNumberFromString, waId, 'JP');

  it('are national in the account’s country, else international', () => {
    expect(format('819012345678')).toEqual({ text: '090-1234-5678', country: 'JP' });
    expect(format('447400123456')).toEqual({ text: '+44 7400 123456', country: 'GB' });
    expect(format('00')).toEqual({ text: '+00', country: null });
  });

  it('tell the time of countries that have one', () => {
    expect(timeZoneOf('JP')).toBe('Asia/Tokyo');
    expect(timeZoneOf('BR')).toBeNull();
    expect(timeZoneOf(null)).toBeNull();
  });
});

describe('the quota', () => {
  const quota = (used: number, reserved: number, limit: number | null) =>
    quotaView({
      used,
      reserved,
      limit,
      periodStart: '',
      resetsAt: '',
      anniversaryDay: 1,
      timeZone: 'UTC',
      mayChangeLimit: false,
    });

  it('counts what is reserved, and warns at 80, 95 and 100 %', () => {
    expect(quota(790, 9, 1000).level).toBe('fine');
    expect(quota(790, 10, 1000).level).toBe('warn');
    expect(quota(950, 0, 1000).level).toBe('bad');
    expect(quota(999, 1, 1000).level).toBe('exhausted');
    expect(quota(1200, 0, 1000).share).toBe(1);
  });

  it('has no level without a limit', () => {
    expect(quota(5000, 0, null)).toEqual({ taken: 5000, share: 0, level: 'fine' });
    expect(quota(0, 0, 0).level).toBe('exhausted');
  });
});

describe('problems', () => {
  it('are read from problem details, or made from the status', () => {
    expect(problemFrom(409, { code: 'session_closed', closedAt: 'x' }, null).problem).toEqual({
      status: 409,
      code: 'session_closed',
      closedAt: 'x',
    });
    expect(problemFrom(502, null, '3')).toMatchObject({ code: 'unavailable', retryAfter: 3 });
  });

  it('pass where nothing was decided', () => {
    expect(isPassing(new TypeError('network'))).toBe(true);
    expect(isPassing(new ProblemError({ status: 503, code: 'unavailable' }))).toBe(true);
    expect(isPassing(new ProblemError({ status: 409, code: 'session_closed' }))).toBe(false);
  });
});

it('writes days as they are written', async () => {
  // The words are data that are fetched: here every catalogue is empty.
  vi.stubGlobal('fetch', async () => new Response('{}'));
  await startI18n();
  const at = Date.UTC(2026, 10, 23, 3);
  await setLanguage('ja');
  expect(dayLine(at, at)).toBe('11月23日（月）');
  expect(dayLine(Date.UTC(2025, 10, 23, 3), at)).toBe('2025年11月23日（日）');
  vi.unstubAllGlobals();
});

it('keeps panes within their limits', () => {
  expect(clampWidth('list', 10)).toBe(280);
  expect(clampWidth('list', 9999)).toBe(520);
});

it('links to the Sandbox only where ./run put it', () => {
  expect(sandboxAddress({ protocol: 'http:', hostname: 'localhost', port: '5080' })).toBe(
    'http://localhost:5081/',
  );
  expect(sandboxAddress({ protocol: 'https:', hostname: 'desk.example', port: '' })).toBeNull();
});
