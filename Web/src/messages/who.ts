import type { TFunction } from 'i18next';
import type { Message } from '../api/types';

/** Whoever wrote or did something: a person, an API key by its name, or a program of which no more is known. */
export function whoDid(t: TFunction, { agent, data }: Pick<Message, 'agent' | 'data'>): string {
  return agent?.name ?? keyOf(t, data) ?? t('message.byApi');
}

/** The API key that something was done with, where its name was kept; null: it was not, or none was. */
export function keyOf(t: TFunction, data: Message['data']): string | null {
  return typeof data?.apiKey === 'string' ? t('message.apiKey', { name: data.apiKey }) : null;
}
