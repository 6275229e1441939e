/**
 * WhatsApp's own markup as a tree: *bold*, _italic_, ~strike~, ```mono```, `code`, and links. What it
 * returns is data; components draw it as text, never as HTML.
 */
export type Span =
  | { type: 'text'; text: string }
  | { type: 'code' | 'mono'; text: string }
  | { type: 'link'; text: string; href: string }
  | { type: 'bold' | 'italic' | 'strike'; children: Span[] };

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
type Mark = keyof typeof MARKS;

/**
 * A marker counts at the edge of a word only, so that 2*3*4 and snake_case stay as written. Japanese has
 * no spaces between words: there a marker may touch any character.
 */
const WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}]/u;

/**
 * ASCII only on purpose: Japanese text often follows an address without a space, and a look-alike letter
 * from another script ends the link in plain sight.
 */
const LINK =
  /(?:https?:\/\/|www\.)[\w\-.~:/?#[\]@!$&'()*+,;=%]+|mailto:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|tel:\+?[\d()-]{3,}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const TRAILING = /[.,;:!?'*_~]+$/;

/** Stands for a link while marks are parsed: a private-use character, dropped from customers' text before. */
const HOLE = '\uE000';

const CODE = /```([\s\S]+?)```|`([^`\n]+)`/g;

export function parseFormatting(message: string): Span[] {
  const text = message.replaceAll(HOLE, '');
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(CODE)) {
    spans.push(...parseLinks(text.slice(from, match.index)));
    if (match[1] !== undefined) spans.push({ type: 'mono', text: match[1].replace(/^\n|\n$/g, '') });
    else spans.push({ type: 'code', text: match[2] ?? '' });
    from = match.index + match[0].length;
  }
  spans.push(...parseLinks(text.slice(from)));
  return spans;
}

/** Links come before marks: the underscores of an address are not markup. Marks may still surround a link. */
function parseLinks(text: string): Span[] {
  const links: Span[] = [];
  let masked = '';
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = trimLink(match[0]);
    const href = hrefOf(shown);
    if (!href) continue;
    masked += text.slice(from, match.index) + HOLE;
    links.push({ type: 'link', text: shown, href });
    from = match.index + shown.length;
  }
  masked += text.slice(from);
  return parseMarks(masked, links);
}

function parseMarks(text: string, links: Span[]): Span[] {
  const spans: Span[] = [];
  let plain = '';
  const flush = () => {
    if (plain) spans.push({ type: 'text', text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const end = character in MARKS ? closing(text, at) : -1;
    if (end > 0) {
      flush();
      const children = parseMarks(text.slice(at + 1, end), links);
      spans.push({ type: MARKS[character as Mark], children });
      at = end;
    } else if (character === HOLE) {
      flush();
      const link = links.shift();
      if (link) spans.push(link);
    } else {
      plain += character;
    }
  }
  flush();
  return spans;
}

/** Where the marker that opens at `start` closes, on the same line; -1 where it is only a character. */
function closing(text: string, start: number): number {
  const mark = text.charAt(start);
  if (WORD.test(text.charAt(start - 1)) || /[\s]|^$/.test(text.charAt(start + 1))) return -1;
  for (let at = start + 1; at < text.length && text.charAt(at) !== '\n'; at++) {
    if (text.charAt(at) !== mark || at === start + 1) continue;
    if (!/\s/.test(text.charAt(at - 1)) && !WORD.test(text.charAt(at + 1))) return at;
  }
  return -1;
}

function trimLink(link: string): string {
  let shown = link.replace(TRAILING, '');
  // A bracket that was opened before the address closes after it.
  while (shown.endsWith(')') && count(shown, '(') < count(shown, ')'))
    shown = shown.slice(0, -1).replace(TRAILING, '');
  return shown;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

const SAFE = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** The address to open, or null where it is none or of a kind that is not opened from here. */
export function hrefOf(link: string): string | null {
  const lower = link.toLowerCase();
  const full = lower.startsWith('www.')
    ? `https://${link}`
    : link.includes('@') && !/^(https?|mailto|tel):/i.test(link)
      ? `mailto:${link}`
      : link;
  try {
    const url = new URL(full);
    if (!SAFE.has(url.protocol)) return null;
    return url.protocol.startsWith('http') && !url.hostname.includes('.') ? null : url.href;
  } catch {
    return null;
  }
}

/** Without marks, on one line: for previews and announcements. */
export function plainText(text: string): string {
  const flat = (spans: Span[]): string =>
    spans.map((span) => ('children' in span ? flat(span.children) : span.text)).join('');
  return flat(parseFormatting(text)).replace(/\s+/g, ' ').trim();
}
