import { push } from '../api/notices';

/** Why this browser cannot be pushed to; null: it can. */
export function pushProblem(): 'insecure' | 'unsupported' | 'denied' | null {
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return 'unsupported';
  return Notification.permission === 'denied' ? 'denied' : null;
}

const WORKER = '/push-worker.js';

async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** How the server names this browser; null: it is not subscribed. */
export async function ownFingerprint(): Promise<string | null> {
  if (pushProblem()) return null;
  const own = await subscription();
  if (!own) return null;
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(own.endpoint));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Asks the person, subscribes this browser and tells the server. False: they said no. */
export async function turnOn(publicKey: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const registration = await navigator.serviceWorker.register(WORKER);
  await navigator.serviceWorker.ready;
  const known = await registration.pushManager.getSubscription();
  // Subscribed to another deployment's key, it would hear nothing of ours.
  if (known && !isKey(known.options.applicationServerKey, publicKey)) await known.unsubscribe();
  const own = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: publicKey,
  });
  await tell(own);
  return true;
}

/** This browser is pushed to no more. */
export async function turnOff(): Promise<void> {
  if (pushProblem()) return;
  await (await subscription())?.unsubscribe();
}

/** Signed in again, a browser that was subscribed goes on: the server ended it with the session before. */
export async function renew(): Promise<void> {
  if (pushProblem() || Notification.permission !== 'granted') return;
  const own = await subscription();
  if (own) await tell(own);
}

async function tell(own: PushSubscription): Promise<void> {
  const { endpoint, keys } = own.toJSON();
  if (endpoint && keys?.p256dh && keys.auth)
    await push.add({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } });
}

function isKey(known: ArrayBuffer | null, publicKey: string): boolean {
  if (!known) return false;
  const text = btoa(String.fromCharCode(...new Uint8Array(known)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') === publicKey;
}
