import { expect, it } from 'vitest';
import { colleaguesAt } from './presence';

it('a colleague is there while heard of, writes only for a moment, and goes when saying so', () => {
  const of = {
    a: { name: 'Aoi', state: 'typing', at: 0 },
    b: { name: 'Bo', state: 'viewing', at: 0 },
    c: { name: 'Chika', state: 'left', at: 0 },
  } as const;
  const shown = (now: number) =>
    colleaguesAt(of, now).map(({ name, typing }) => (typing ? `${name}*` : name));
  expect(shown(1_000)).toEqual(['Aoi*', 'Bo']);
  expect(shown(20_000)).toEqual(['Aoi', 'Bo']);
  expect(shown(60_000)).toEqual([]);
});
