import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';
import type { Notice } from '../api/notices';
import en from '../i18n/en.json';
import ja from '../i18n/ja.json';
import { returnedText } from './words';

beforeAll(() =>
  i18next.init({
    lng: 'en',
    resources: { en: { translation: en }, ja: { translation: ja } },
    interpolation: { escapeValue: false },
  }),
);

const returned = (minutes: number, count: number) => ({ minutes, count, owner: { name: 'Aiko' } }) as Notice;

it('one minute and one ticket are one, two are two, in either language', () => {
  const english = i18next.getFixedT('en');
  expect(returnedText(english, returned(1, 2), true)).toBe(
    'You were away for 1 minute: 2 tickets that waited on us went back.',
  );
  expect(returnedText(english, returned(15, 1), false)).toBe(
    'Aiko has been away for 15 minutes: 1 ticket that waited on us went back.',
  );
  expect(returnedText(i18next.getFixedT('ja'), returned(1, 2), true)).toContain('1分間離席');
});
