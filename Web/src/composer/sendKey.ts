import type { Agent, SendKey } from '../api/types';

interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  keyCode: number;
  isComposing: boolean;
}

/** An input method is at work: its Enter chooses a word. 229 is what Safari and older ones still report. */
export function isComposing(event: Pick<KeyPress, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Whether this key press sends. Ctrl/Cmd+Enter always does; Enter alone only where it was chosen. */
export function sends(event: KeyPress, sendKey: SendKey): boolean {
  if (event.key !== 'Enter' || isComposing(event)) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return sendKey === 'enter' && !event.shiftKey && !event.altKey;
}

/** Until an agent has chosen: Enter chooses words in Japanese, so there it does not send. */
export function effectiveSendKey(agent: Pick<Agent, 'sendKey' | 'language'>): SendKey {
  return agent.sendKey ?? (agent.language === 'ja' ? 'ctrlEnter' : 'enter');
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

export function modifierName(): string {
  return isMac() ? '⌘' : 'Ctrl';
}
