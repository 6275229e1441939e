import { describe, expect, it } from 'vitest';
import { hrefOf, parseFormatting, plainText, type Span } from './formatting';

const text = (value: string): Span => ({ type: 'text', text: value });

describe('WhatsApp formatting', () => {
  it('reads each marker', () => {
    expect(parseFormatting('*a* _b_ ~c~')).toEqual([
      { type: 'bold', children: [text('a')] },
      text(' '),
      { type: 'italic', children: [text('b')] },
      text(' '),
      { type: 'strike', children: [text('c')] },
    ]);
  });

  it('nests markers', () => {
    expect(parseFormatting('*a _b_*')).toEqual([
      { type: 'bold', children: [text('a '), { type: 'italic', children: [text('b')] }] },
    ]);
  });

  it('reads markers that touch Japanese text', () => {
    expect(parseFormatting('本日*14〜16時*に')).toEqual([
      text('本日'),
      { type: 'bold', children: [text('14〜16時')] },
      text('に'),
    ]);
  });

  it.each(['2*3*4', 'snake_case_name', '* a *', '**', '*', '*open', '*a\nb*', '5~6~7'])(
    'leaves %j as it is',
    (plain) => {
      expect(parseFormatting(plain)).toEqual([text(plain)]);
    },
  );

  it('keeps markers inside code', () => {
    expect(parseFormatting('```*a*\n_b_``` and `~c~`')).toEqual([
      { type: 'mono', text: '*a*\n_b_' },
      text(' and '),
      { type: 'code', text: '~c~' },
    ]);
  });

  it('makes links of safe addresses and leaves their underscores alone', () => {
    expect(parseFormatting('https://example.jp/a_b_c をご覧ください')).toEqual([
      { type: 'link', text: 'https://example.jp/a_b_c', href: 'https://example.jp/a_b_c' },
      text(' をご覧ください'),
    ]);
  });

  it('ends a link before Japanese text and closing punctuation', () => {
    expect(parseFormatting('（https://example.jp/a）。see http://b.example/c_(d)). ok')).toEqual([
      text('（'),
      { type: 'link', text: 'https://example.jp/a', href: 'https://example.jp/a' },
      text('）。see '),
      { type: 'link', text: 'http://b.example/c_(d)', href: 'http://b.example/c_(d)' },
      text('). ok'),
    ]);
  });

  it('makes links inside marks', () => {
    expect(parseFormatting('*www.example.jp*')).toEqual([
      { type: 'bold', children: [{ type: 'link', text: 'www.example.jp', href: 'https://www.example.jp/' }] },
    ]);
  });

  it('never opens anything but http, https, mailto and tel', () => {
    expect(hrefOf('javascript:alert(1)')).toBeNull();
    expect(hrefOf('data:text/html,x')).toBeNull();
    expect(hrefOf('yui@example.jp')).toBe('mailto:yui@example.jp');
    expect(hrefOf('tel:+81901234')).toBe('tel:+81901234');
    expect(parseFormatting('javascript:alert(1)')).toEqual([text('javascript:alert(1)')]);
  });

  it('takes HTML as text', () => {
    expect(parseFormatting("O'Brien <b>")).toEqual([text("O'Brien <b>")]);
  });

  it('drops the character it uses as a placeholder', () => {
    expect(parseFormatting('a\uE000b')).toEqual([text('ab')]);
  });

  it('gives previews on one line without marks', () => {
    expect(plainText('*Hello*\n  ~you~ ```x```')).toBe('Hello you x');
  });
});
