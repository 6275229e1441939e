import { expect, it } from 'vitest';
import { triggerAt } from './trigger';

const at = (text: string) => triggerAt(text, text.length);

it('something is offered where its sign begins a word', () => {
  expect(at('Thank you :thu')).toEqual({ kind: 'emoji', from: 10, query: 'thu' });
  expect(at('/')).toEqual({ kind: 'snippet', from: 0, query: '' });
  expect(at('First line\n/返品')).toEqual({ kind: 'snippet', from: 11, query: '返品' });
  expect(at('Dear {con')).toEqual({ kind: 'value', from: 5, query: 'con' });
});

it('what is meant as it stands is left alone', () => {
  for (const text of ['see you at 10:30', ':)', ':D', 'https://example.com/a', 'either/or', '{ a }', 'a: b'])
    expect([text, at(text)]).toEqual([text, null]);
  // Only what stands before the caret was begun.
  expect(triggerAt('/ hello', 7)).toBeNull();
});
