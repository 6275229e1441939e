import type { TFunction } from 'i18next';
import { expect, it } from 'vitest';
import type { Message } from '../api/types';
import { ticketLine } from './ticketLine';
import type { Names } from './useNames';
import { whoDid } from './who';

const t = ((key: string, values?: Record<string, unknown>) =>
  values ? `${key} ${Object.values(values).join(' ')}` : key) as unknown as TFunction;
const names: Names = { agents: [], teams: [], skills: [], properties: [] };
const told = (data: object, agent: Message['agent'] = null) =>
  ({ agent, data: { changes: {}, ...data } }) as unknown as Message;

it('a person is named, else the API key, and a program of which no name is known is called one', () => {
  expect(whoDid(t, told({}, { id: 'a', name: 'Aiko' }))).toBe('Aiko');
  expect(whoDid(t, told({ apiKey: 'Shop' }))).toBe('message.apiKey Shop');
  expect(whoDid(t, told({}))).toBe('message.byApi');
});

it('a change by an API key is told by its name, and one by a rule by the rule’s', () => {
  expect(ticketLine(t, told({ apiKey: 'Shop' }), names)).toContain('message.apiKey Shop');
  expect(ticketLine(t, told({ apiKey: null, rule: 'Sales' }), names)).toContain('ticket.told.rule Sales');
  expect(ticketLine(t, told({}), names)).toContain('message.fromApi');
});
