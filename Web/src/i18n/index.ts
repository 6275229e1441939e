import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../api/types';
import { readStored, writeStored } from '../shared/storage';
import en from './en.json';
import ja from './ja.json';

const STORED = 'threadkeep.language';

export const languages: { code: Language; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'ja', name: '日本語' },
];

function isLanguage(value: unknown): value is Language {
  return value === 'en' || value === 'ja';
}

/** Before anybody is signed in: the last choice on this machine, else the browser's first known language. */
function initialLanguage(): Language {
  const stored = readStored<string>(STORED);
  if (isLanguage(stored)) return stored;
  const known = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return known ?? 'en';
}

/** Switches everything at once; the html element's `lang` also chooses fonts and line height. */
export function setLanguage(language: Language): void {
  document.documentElement.lang = language;
  writeStored(STORED, language);
  if (i18next.language !== language) void i18next.changeLanguage(language);
}

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'en';
}

export function startI18n(): void {
  const language = initialLanguage();
  document.documentElement.lang = language;
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, ja: { translation: ja } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}
