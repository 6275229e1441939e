import { describe, expect, it } from 'vitest';
import en from './en.json';
import ja from './ja.json';

interface Catalogue {
  [key: string]: string | Catalogue;
}

function flat(catalogue: Catalogue, prefix = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  );
}

/** Japanese has one plural form, English two: they are one text here. */
const base = (key: string) => key.replace(/_(one|other)$/, '');
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

const english = flat(en);
const japanese = flat(ja);

describe('the catalogues', () => {
  it('have the same keys', () => {
    const keys = (entries: [string, string][]) => [...new Set(entries.map(([key]) => base(key)))].sort();
    expect(keys(japanese)).toEqual(keys(english));
  });

  it('have the same placeholders', () => {
    const other = new Map(japanese.map(([key, text]) => [base(key), text]));
    for (const [key, text] of english) {
      expect([key, placeholders(other.get(base(key)) ?? '')]).toEqual([key, placeholders(text)]);
    }
  });

  it('have every plural form of their language', () => {
    for (const [key] of english)
      if (key.endsWith('_one')) expect(english.map(([k]) => k)).toContain(`${base(key)}_other`);
    expect(japanese.filter(([key]) => key.endsWith('_one'))).toEqual([]);
  });

  it('write Latin words and numbers without a space beside Japanese', () => {
    // Names of fields, paths and hosts keep theirs: nobody could tell where they end.
    const spaced = /([\w./:-]*[A-Za-z0-9]) [ぁ-ヺー々一-鿿]|[ぁ-ヺー々一-鿿] ([A-Za-z0-9][\w./:-]*)/g;
    const found = japanese.flatMap(([key, text]) =>
      [...text.matchAll(spaced)]
        .filter((match) => !/[_/:]|\.\w/.test(match[1] ?? match[2] ?? ''))
        .map((match) => `${key}: ${match[0]}`),
    );
    expect(found.filter((one) => !one.startsWith('design.sampleText'))).toEqual([]);
  });

  it('leave nothing empty', () => {
    for (const [key, text] of [...english, ...japanese]) expect([key, text.trim()]).not.toEqual([key, '']);
  });

  it('hold every text the console asks for', () => {
    const files = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*', '!../api/schema.d.ts'], {
      query: '?raw',
      import: 'default',
      eager: true,
    });
    const known = new Set(english.map(([key]) => base(key)));
    const asked = Object.values(files).flatMap((code) =>
      [...code.matchAll(/\bt\('([\w.]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(asked.length).toBeGreaterThan(50);
    const isGroup = (key: string) => english.some(([other]) => other.startsWith(`${key}.`));
    expect(asked.filter((key) => !known.has(key) && !isGroup(key))).toEqual([]);
  });

  it('have words for every act that the server records', () => {
    const sources = import.meta.glob<string>(
      ['../../../{Api,Grains,Postgres}/**/*.cs', '!../../../*/{bin,obj}/**'],
      { query: '?raw', import: 'default', eager: true },
    );
    const known = new Set(english.map(([key]) => key));
    const recorded = Object.values(sources)
      .filter((code) => /\bAudit(?:Entry|Log)\b|\bActor\b/.test(code))
      .flatMap((code) => [...code.matchAll(/"([a-z_]+)\.([a-z_]+ed)"/g)].map(([, kind, act]) => [kind, act]));
    expect(recorded.length).toBeGreaterThan(40);
    const missing = recorded.filter(
      ([kind, act]) =>
        !known.has(`settings.audit.kinds.${kind}`) || !known.has(`settings.audit.actions.${kind}_${act}`),
    );
    expect(missing).toEqual([]);
  });

  it('use the terms that are agreed on', () => {
    const text = new Map(japanese);
    expect(text.get('contact.status.new')).toBe('新規');
    expect(text.get('contact.status.waiting_on_us')).toBe('対応中');
    expect(text.get('contact.status.waiting_on_contact')).toBe('お客様の返信待ち');
    expect(text.get('contact.status.closed')).toBe('対応完了');
    expect(text.get('session.hours')).toBe('返信可能 残り{{hours}}時間{{minutes}}分');
    expect(text.get('session.closedHint')).toBe('24時間を過ぎたため、WhatsAppテンプレートのみ送信できます');
    expect(text.get('quota.title')).toBe('今月の会話数');
    expect(text.get('status.read')).toBe('既読');
    expect(text.get('message.types.location')).toBe('位置情報');
    expect(text.get('message.types.sticker')).toBe('スタンプ');
    expect(text.get('message.types.voice')).toBe('ボイスメッセージ');
    expect(text.get('message.types.contacts')).toBe('連絡先');
    expect(text.get('views.label')).toBe('ビュー');
  });
});
