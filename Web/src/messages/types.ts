import type { TFunction } from 'i18next';
import type { Message } from '../api/types';
import type { IconName } from '../shared/ui/Icon';

interface TypeFacts {
  icon: IconName | null;
  /**
   * A bubble of its own; a quiet line; or on the message it is about, and a line only where that is not here.
   */
  shows: 'bubble' | 'line' | 'mark';
  /** Fills the bubble to its edge. */
  wide?: boolean;
  /** One line for the list, where the bare text would not say what it is. */
  preview?: (t: TFunction, text: string) => string;
}

const bubble = 'bubble';
const join = (label: string, text: string) => (text ? `${label}: ${text}` : label);

/**
 * Every type that there is, with what lists and the thread do with it; one that is not here is a bubble with a placeholder. What is in
 * the bubbles stands in faces/index.tsx, by the same names: that is fetched with the first thread, this with the list.
 */
export const types: Record<string, TypeFacts> = {
  text: { icon: null, shows: bubble },
  quarantined: { icon: 'eyeOff', shows: bubble },
  note: { icon: 'note', shows: bubble },
  template: { icon: 'template', shows: bubble },
  image: { icon: 'photo', shows: bubble, wide: true },
  video: { icon: 'video', shows: bubble, wide: true },
  audio: { icon: 'mic', shows: bubble },
  voice: { icon: 'mic', shows: bubble },
  document: { icon: 'file', shows: bubble },
  sticker: { icon: 'smile', shows: bubble, wide: true },
  location: { icon: 'pin', shows: bubble },
  contacts: { icon: 'person', shows: bubble },
  interactive: { icon: 'tap', shows: bubble },
  button: { icon: 'tap', shows: bubble },
  order: { icon: 'cart', shows: bubble, preview: (t, text) => join(t('message.types.order'), text) },
  reaction: {
    icon: 'smile',
    shows: 'mark',
    preview: (t, emoji) => (emoji ? t('message.reacted', { emoji }) : t('message.reactionGone')),
  },
  edit: { icon: 'edit', shows: 'mark', preview: (t, text) => join(t('message.types.edit'), text) },
  revoke: { icon: 'trash', shows: 'mark' },
  system: { icon: 'person', shows: 'line' },
  call: { icon: 'phone', shows: bubble },
  request_welcome: { icon: 'chat', shows: 'line' },
  unsupported: { icon: 'question', shows: bubble },
  leftover: { icon: 'alert', shows: bubble },
};

/** How a message stands in the thread. */
export function showsAs(message: Message): 'bubble' | 'line' | 'hidden' {
  const shows = types[message.type]?.shows ?? bubble;
  if (shows !== 'mark') return shows;
  return message.quoted?.id ? 'hidden' : 'line';
}

/** Types that make nobody look: they are not counted as unread. */
export const quietTypes = ['reaction', 'edit', 'revoke', 'system', 'request_welcome'];
