import type { TFunction } from 'i18next';
import type { IconName } from '../shared/ui/Icon';
import { plainText } from './formatting';

const icons: Record<string, IconName> = {
  image: 'photo',
  video: 'video',
  audio: 'mic',
  voice: 'mic',
  document: 'file',
  sticker: 'smile',
  location: 'pin',
  contacts: 'person',
  template: 'template',
  leftover: 'alert',
};

/** The icon of a type that is not plain text. */
export function typeIcon(type: string): IconName | null {
  return type === 'text' ? null : (icons[type] ?? 'question');
}

export function typeLabel(t: TFunction, type: string): string {
  return t([`message.types.${type}`, 'message.types.other'], { type });
}

/** One line that stands for a message in the list and in announcements. */
export function previewText(t: TFunction, message: { type: string; text: string | null }): string {
  const text = message.text ? plainText(message.text) : '';
  return text || typeLabel(t, message.type);
}
