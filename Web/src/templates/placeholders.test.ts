import { describe, expect, it } from 'vitest';
import { personalise } from './placeholders';

const known = { 'contact.given_name': 'Zoë', 'contact.email': null, 'agent.name': 'Ken' };

describe('a value with placeholders', () => {
  it.each([
    ['Hello {contact.given_name}', 'Hello Zoë'],
    ['{Contact.Given_Name}, { contact.email | no address }', 'Zoë, no address'],
    ['{size} {1} {{contact}} {e.g. this}', '{size} {1} {{contact}} {e.g. this}'],
  ])('shows what is sent of %s', (value, text) => {
    expect(personalise(value, known)).toEqual({ text, missing: null });
  });

  it.each([
    ['{contact.email}', 'contact.email'],
    ['{contact.nmae|there}', 'contact.nmae'],
    ['{{contact.given_name}}', 'contact.given_name'],
    ['{contact.given_name|{agent.name}}', 'contact.given_name'],
    ['｛contact.given_name｝', 'contact.given_name'],
  ])('names what keeps %s from being sent', (value, missing) => {
    expect(personalise(value, known).missing).toBe(missing);
  });
});
