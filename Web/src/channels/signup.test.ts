import { describe, expect, it, vi } from 'vitest';
import type { Signup } from '../api/channels';
import { isFromMeta, type Sdk, signUp, signupWord } from './signup';

const said = (event: string, data: object) =>
  JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP', event, version: 3, data });

describe('who may speak for the pop-up', () => {
  const meta = { mode: 'meta', origin: 'https://www.facebook.com' } as const;

  it.each(['https://facebook.com', 'https://www.facebook.com', 'https://business.facebook.com'])(
    '%s may',
    (origin) => {
      expect(isFromMeta(origin, meta)).toBe(true);
    },
  );

  it.each([
    'http://www.facebook.com',
    'https://notfacebook.com',
    'https://facebook.com.evil.example',
    'https://evil.example',
    'null',
    '',
  ])('%s may not', (origin) => {
    expect(isFromMeta(origin, meta)).toBe(false);
  });

  it('the Sandbox alone where it plays Meta', () => {
    const sandbox = { mode: 'sandbox', origin: 'http://127.0.0.1:5081' } as const;
    expect(isFromMeta('http://127.0.0.1:5081', sandbox)).toBe(true);
    expect(isFromMeta('http://127.0.0.1:5082', sandbox)).toBe(false);
    expect(isFromMeta('https://www.facebook.com', sandbox)).toBe(false);
  });
});

describe('what it is opened for', () => {
  it.each([
    [true, 'whatsapp_business_app_onboarding'],
    [false, ''],
  ])('a number that stays in the phone app (%s) is asked for as Meta wants', (stays, featureType) => {
    let asked: unknown;
    const sdk: Sdk = {
      init: () => {},
      login: (_, settings) => {
        asked = settings;
      },
    };
    const window = { addEventListener: () => {} };
    vi.stubGlobal('window', window);
    void signUp(sdk, { mode: 'meta', origin: 'https://www.facebook.com' } as Signup, stays);
    vi.unstubAllGlobals();
    expect(asked).toMatchObject({ response_type: 'code', extras: { featureType } });
  });
});

describe('what it says', () => {
  it('an account and a number, or an account alone', () => {
    expect(signupWord(said('FINISH', { waba_id: '1', phone_number_id: '2' }))).toEqual({
      event: 'finished',
      wabaId: '1',
      phoneNumberId: '2',
    });
    expect(signupWord(said('FINISH_ONLY_WABA', { waba_id: '1' }))).toEqual({
      event: 'finished',
      wabaId: '1',
      phoneNumberId: null,
    });
  });

  it('where it was left, and why', () => {
    expect(signupWord(said('CANCEL', { current_step: 'PHONE_NUMBER_SETUP' }))).toEqual({
      event: 'cancelled',
      step: 'PHONE_NUMBER_SETUP',
      message: null,
    });
    expect(signupWord(said('CANCEL', { error_message: 'No.' }))).toEqual({
      event: 'cancelled',
      step: null,
      message: 'No.',
    });
  });

  it.each([said('FINISH', {}), '{', '"x"', 'null', '{"type":"other"}', { type: 'WA_EMBEDDED_SIGNUP' }, 7])(
    'nothing of it: %j',
    (data) => {
      expect(signupWord(data)).toBeNull();
    },
  );
});
