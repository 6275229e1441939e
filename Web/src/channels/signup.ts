import type { Signup } from '../api/channels';

/** What the pop-up of embedded signup says while it is open (Cloud API, "Onboarding"). */
export type SignupWord =
  | { event: 'finished'; wabaId: string; phoneNumberId: string | null }
  | { event: 'cancelled'; step: string | null; message: string | null };

const FINISHED = ['FINISH', 'FINISH_ONLY_WABA', 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING'];

/** True for whoever may speak for the pop-up: hosts of facebook.com over https, or the Sandbox where it plays Meta. */
export function isFromMeta(origin: string, signup: Pick<Signup, 'mode' | 'origin'>): boolean {
  if (signup.mode === 'sandbox') return origin === signup.origin;
  const at = URL.parse(origin);
  return (
    at?.protocol === 'https:' && (at.hostname === 'facebook.com' || at.hostname.endsWith('.facebook.com'))
  );
}

/** What a window message says of the sign-up; null: it is no word of it. Other messages of Meta's come the same way. */
export function signupWord(data: unknown): SignupWord | null {
  if (typeof data !== 'string') return null;
  let said: { type?: unknown; event?: unknown; data?: Record<string, unknown> };
  try {
    said = JSON.parse(data);
  } catch {
    return null;
  }
  if (said?.type !== 'WA_EMBEDDED_SIGNUP' || typeof said.event !== 'string') return null;
  const { waba_id, phone_number_id, current_step, error_message } = said.data ?? {};
  if (FINISHED.includes(said.event))
    return typeof waba_id === 'string'
      ? { event: 'finished', wabaId: waba_id, phoneNumberId: text(phone_number_id) }
      : null;
  return { event: 'cancelled', step: text(current_step), message: text(error_message) };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** As much of Meta's SDK as is used. */
export interface Sdk {
  init: (settings: object) => void;
  login: (done: (answer: { authResponse: { code?: string } | null }) => void, settings: object) => void;
}

declare global {
  interface Window {
    FB?: Sdk;
  }
}

/** Loads Meta's script, or the Sandbox's in its place. This page's content policy allows just that one. */
export function loadSdk(signup: Signup): Promise<Sdk> {
  return new Promise((resolve, reject) => {
    const done = () => {
      if (!window.FB) return reject(new Error('no sdk'));
      window.FB.init({
        appId: signup.appId,
        autoLogAppEvents: false,
        xfbml: false,
        version: signup.graphVersion,
      });
      resolve(window.FB);
    };
    if (window.FB) return done();
    const script = document.createElement('script');
    script.src = signup.script;
    script.async = true;
    script.onload = done;
    script.onerror = () => reject(new Error('no sdk'));
    document.head.append(script);
  });
}

/** How long Meta's last word may take after the window has closed. */
const LAST_WORD_MS = 3_000;

/** What Meta's window is for: a number that the API takes over, or one that stays in the phone's app as well. */
export const featureType = (staysInApp: boolean) => (staysInApp ? 'whatsapp_business_app_onboarding' : '');

/** Opens the pop-up; what came of it, or null where it was closed without a word. */
export function signUp(
  sdk: Sdk,
  signup: Signup,
  staysInApp: boolean,
): Promise<(SignupWord & { code: string | null }) | null> {
  return new Promise((resolve) => {
    let word: SignupWord | null = null;
    let code: string | null | undefined;
    const end = () => {
      window.removeEventListener('message', listen);
      resolve(word && { ...word, code: code ?? null });
    };
    const listen = ({ origin, data }: MessageEvent) => {
      const said = isFromMeta(origin, signup) ? signupWord(data) : null;
      if (!said) return;
      word = said;
      if (code !== undefined) end();
    };
    window.addEventListener('message', listen);
    sdk.login(
      ({ authResponse }) => {
        code = authResponse?.code ?? null;
        // The two come by different ways, in either order.
        if (word) end();
        else window.setTimeout(end, code === null ? 0 : LAST_WORD_MS);
      },
      {
        config_id: signup.configurationId,
        response_type: 'code',
        override_default_response_type: true,
        extras: { setup: {}, featureType: featureType(staysInApp), sessionInfoVersion: '3' },
      },
    );
  });
}
