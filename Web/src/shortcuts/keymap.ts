import { isComposing } from '../composer/sendKey';

/** What a key can do. The map below is also what the help shows. */
export type Command =
  | 'next'
  | 'previous'
  | 'reply'
  | 'template'
  | 'tag'
  | 'note'
  | 'close'
  | 'snooze'
  | 'assign'
  | 'mine'
  | 'undo'
  | 'choose'
  | 'macro'
  | 'search'
  | 'goInbox'
  | 'goMine'
  | 'goUnassigned'
  | 'goNotices'
  | 'map'
  | 'palette';

/** Single keys; two keys one after the other are written with a space. */
export const singleKeyMap: Record<string, Command> = {
  j: 'next',
  k: 'previous',
  r: 'reply',
  t: 'tag',
  w: 'template',
  n: 'note',
  e: 'close',
  s: 'snooze',
  a: 'assign',
  i: 'mine',
  z: 'undo',
  x: 'choose',
  m: 'macro',
  '/': 'search',
  'g i': 'goInbox',
  'g m': 'goMine',
  'g u': 'goUnassigned',
  'g n': 'goNotices',
  '?': 'map',
};

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

interface Context {
  /** A field has the focus, or a dialog is open: single keys are letters there. */
  inField: boolean;
  singleKeys: boolean;
  /** The first key of a pair, if it was pressed a moment ago. */
  pendingKey: string | null;
}

export interface Outcome {
  command: Command | null;
  /** To be remembered for the next key. */
  pendingKey: string | null;
}

const nothing: Outcome = { command: null, pendingKey: null };

export function readKey(press: KeyPress, { inField, singleKeys, pendingKey }: Context): Outcome {
  if (isComposing(press)) return nothing;
  if ((press.ctrlKey || press.metaKey) && !press.altKey && press.key.toLowerCase() === 'k') {
    return { command: 'palette', pendingKey: null };
  }
  if (inField || !singleKeys || press.ctrlKey || press.metaKey || press.altKey) return nothing;
  const key = press.key.toLowerCase();
  const pair = pendingKey ? singleKeyMap[`${pendingKey} ${key}`] : undefined;
  if (pair) return { command: pair, pendingKey: null };
  if (key === 'g') return { command: null, pendingKey: 'g' };
  return { command: singleKeyMap[key] ?? null, pendingKey: null };
}

/** Whether keys typed into this element are text. */
export function isField(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element.closest('dialog, [popover]')) return true;
  if (element instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(element.type);
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}
