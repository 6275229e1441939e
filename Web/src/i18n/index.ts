import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../api/types';
import { readStored, writeStored } from '../shared/storage';
import en from './en.json?url';
import ja from './ja.json?url';

const STORED = 'threadkeep.language';

export const languages: { code: Language; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'ja', name: '日本語' },
];

/** One file a language; only what is read is fetched. Words are data: nothing of them has to be compiled before the first paint. */
const files: Record<Language, string> = { en, ja };

async function read(language: Language): Promise<object> {
  const answer = await fetch(files[language]);
  if (!answer.ok) throw new Error(`The words of ${language} are out of reach: ${answer.status}.`);
  return answer.json();
}

async function fetchCatalogue(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  i18next.addResourceBundle(language, 'translation', await read(language));
}

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
export async function setLanguage(language: Language): Promise<void> {
  wanted = language;
  writeStored(STORED, language);
  try {
    await fetchCatalogue(language);
  } catch {
    // Out of reach: the words stay as they are, and the next page load tries again.
    return;
  }
  // Somebody may have chosen again meanwhile.
  if (wanted !== language) return;
  document.documentElement.lang = language;
  if (i18next.language !== language) await i18next.changeLanguage(language);
}

let wanted: Language | undefined;

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'en';
}

/** Ready when the first language's words are there. */
export async function startI18n(): Promise<void> {
  const language = initialLanguage();
  document.documentElement.lang = language;
  const translation = await read(language);
  await i18next.use(initReactI18next).init({
    lng: language,
    // The catalogues have the same keys (a test holds them together): there is nothing to fall back to.
    fallbackLng: false,
    resources: { [language]: { translation } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}
