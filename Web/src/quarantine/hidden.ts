import type { TFunction } from 'i18next';
import type { Message } from '../api/types';

/** What rules or people made of a message. */
export interface Hidden {
  effect: 'mark' | 'mask' | 'quarantine';
  rules: string[];
}

export function hiddenOf(message: Message): Hidden | null {
  return message.direction === 'inbound' ? ((message.data?.hidden as Hidden | undefined) ?? null) : null;
}

/** Why, in words; a rule of the account's own goes by its name. */
export function ruleText(t: TFunction, rule: string): string {
  return rule.startsWith('own:') ? rule.slice(4) : t([`quarantine.rules.${rule}`, 'quarantine.rules.other']);
}

export function rulesText(t: TFunction, rules: string[]): string {
  return rules.map((rule) => ruleText(t, rule)).join(', ');
}

/** Who may look at what is quarantined. */
export function mayReview(role: string): boolean {
  return role === 'admin' || role === 'supervisor';
}
