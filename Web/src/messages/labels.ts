import type { TFunction } from 'i18next';
import type { IconName } from '../shared/ui/Icon';
import { plainText } from './formatting';
import { types } from './types';

/** The icon of a type that is not plain text. */
export function typeIcon(type: string): IconName | null {
  if (type === 'note') return 'note';
  const known = types[type];
  return known ? known.icon : 'question';
}

export function typeLabel(t: TFunction, type: string): string {
  return t([`message.types.${type}`, 'message.types.other'], { type });
}

/** One line that stands for a message in the list and in announcements. */
export function previewText(t: TFunction, message: { type: string; text: string | null }): string {
  const text = message.text ? plainText(message.text) : '';
  return types[message.type]?.preview?.(t, text) ?? (text || typeLabel(t, message.type));
}
