import { describe, expect, it } from 'vitest';
import type { Attachment } from './attachments';
import { confirmed, withReturned, withText } from './drafts';
import { emojiGroups, findEmoji } from './emoji';
import { inspect } from './files';
import { insertAt, toggleMark } from './marks';
import { effectiveSendKey, sends } from './sendKey';
import { piecesOf } from './sendReply';

const enter = {
  key: 'Enter',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  keyCode: 13,
  isComposing: false,
};

describe('the key that sends', () => {
  it('is Enter without Shift, where that was chosen', () => {
    expect(sends(enter, 'enter')).toBe(true);
    expect(sends({ ...enter, shiftKey: true }, 'enter')).toBe(false);
  });

  it('is Ctrl or Command with Enter otherwise', () => {
    expect(sends(enter, 'ctrlEnter')).toBe(false);
    expect(sends({ ...enter, ctrlKey: true }, 'ctrlEnter')).toBe(true);
    expect(sends({ ...enter, metaKey: true }, 'ctrlEnter')).toBe(true);
  });

  it('never is the Enter that ends a word of an input method', () => {
    expect(sends({ ...enter, isComposing: true }, 'enter')).toBe(false);
    expect(sends({ ...enter, keyCode: 229 }, 'enter')).toBe(false);
    expect(sends({ ...enter, isComposing: true, ctrlKey: true }, 'ctrlEnter')).toBe(false);
  });

  it('is Ctrl+Enter in Japanese until somebody chooses', () => {
    expect(effectiveSendKey({ sendKey: null, language: 'ja' })).toBe('ctrlEnter');
    expect(effectiveSendKey({ sendKey: null, language: 'en' })).toBe('enter');
    expect(effectiveSendKey({ sendKey: 'enter', language: 'ja' })).toBe('enter');
  });
});

describe('drafts', () => {
  it('remember what they were based on while they grow', () => {
    const begun = withText({}, 't1', 'He', 100);
    expect(withText(begun, 't1', 'Hello', 900)).toEqual({
      t1: { text: 'Hello', basedOn: 100, changedAt: 900 },
    });
  });

  it('are gone when emptied, and begin anew after', () => {
    const emptied = withText(withText({}, 't1', 'x', 100), 't1', '', 200);
    expect(emptied).toEqual({});
    expect(withText(emptied, 't1', 'y', 300).t1?.basedOn).toBe(300);
  });

  it('take a refused text back in front of what was begun since', () => {
    expect(withReturned({}, 't1', 'refused', 5).t1?.text).toBe('refused');
    expect(withReturned(withText({}, 't1', 'new', 1), 't1', 'refused', 5).t1?.text).toBe('refused\nnew');
  });

  it('move on once the agent has seen the others', () => {
    expect(confirmed(withText({}, 't1', 'x', 1), 't1', 50).t1).toEqual({
      text: 'x',
      basedOn: 50,
      changedAt: 1,
    });
  });
});

describe('the formatting buttons', () => {
  it('write markers around the selection and take them off again', () => {
    const bold = toggleMark({ text: 'say hello now', start: 4, end: 9 }, 'bold');
    expect(bold).toEqual({ text: 'say *hello* now', start: 5, end: 10 });
    expect(toggleMark(bold, 'bold')).toEqual({ text: 'say hello now', start: 4, end: 9 });
  });

  it('leave blanks outside', () => {
    expect(toggleMark({ text: ' hello ', start: 0, end: 7 }, 'mono').text).toBe(' ```hello``` ');
  });

  it('put the caret between markers where nothing is selected', () => {
    expect(toggleMark({ text: '', start: 0, end: 0 }, 'italic')).toEqual({ text: '__', start: 1, end: 1 });
    expect(insertAt({ text: 'ab', start: 1, end: 1 }, '😀')).toEqual({ text: 'a😀b', start: 3, end: 3 });
  });
});

describe('what is sent', () => {
  const ready = (mediaId: string): Attachment => ({
    id: mediaId,
    name: 'a.png',
    size: 3,
    kind: 'image',
    file: new Blob(),
    previewUrl: `blob:${mediaId}`,
    state: { kind: 'ready', mediaId },
  });

  it('is one text message', () => {
    expect(piecesOf(' hi ', []).map(({ body }) => body)).toEqual([{ type: 'text', text: { body: 'hi' } }]);
  });

  it('goes under the first file that takes a caption; under none it is a message of its own', () => {
    const sound = { ...ready('a'), kind: 'audio' as const };
    const bill = { ...ready('b'), kind: 'document' as const, name: 'bill.pdf' };
    expect(piecesOf('look', [sound, bill]).map(({ body }) => body)).toEqual([
      { type: 'audio', audio: { id: 'a' } },
      { type: 'document', document: { id: 'b', caption: 'look', filename: 'bill.pdf' } },
    ]);
    expect(piecesOf('listen', [sound]).map(({ body }) => body)).toEqual([
      { type: 'audio', audio: { id: 'a' } },
      { type: 'text', text: { body: 'listen' } },
    ]);
  });

  it('is one message a picture, in order, the text under the first', () => {
    expect(piecesOf('look', [ready('a'), ready('b')]).map(({ body }) => body)).toEqual([
      { type: 'image', image: { id: 'a', caption: 'look' } },
      { type: 'image', image: { id: 'b' } },
    ]);
  });
});

describe('files', () => {
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const of = (...parts: (string | number[])[]) =>
    new Blob(parts.map((part) => (typeof part === 'string' ? part : new Uint8Array(part))));
  const webp = (side: number) => {
    const [low, high] = [(side - 1) & 0xff, (side - 1) >> 8];
    return of('RIFF', [0, 0, 0, 0], 'WEBPVP8X', [10, 0, 0, 0, 0, 0, 0, 0, low, high, 0, low, high, 0]);
  };

  it.each([
    ['image', null, of(png)],
    ['image', 'type', of('GIF89a')],
    ['image', 'type', of([0, 0, 0, 24], 'ftypheic')],
    ['image', 'type', webp(200)],
    ['sticker', null, webp(512)],
    ['video', null, of([0, 0, 0, 24], 'ftypisom')],
    ['video', 'type', of([0, 0, 0, 24], 'ftypqt  ')],
    ['video', 'type', of([0x1a, 0x45, 0xdf, 0xa3])],
    ['audio', null, of([0, 0, 0, 24], 'ftypM4A ')],
    ['audio', null, of('OggS')],
    ['audio', null, of('ID3')],
    ['audio', null, of([0xff, 0xf1, 0x50])],
    ['document', null, of('%PDF-1.7')],
    ['document', null, of('a,b\n1,2')],
    ['document', 'type', of('MZ', [0, 1, 2])],
    ['image', 'size', of(png, new Array(5 * 1024 * 1024).fill(0))],
  ] as const)('%s, fault %s: known by the first bytes, not by what they claim', async (kind, fault, file) => {
    expect(await inspect(new Blob([file], { type: 'image/png' }))).toMatchObject({ kind, fault });
  });
});

describe('emoji', () => {
  it('are each there once', () => {
    const all = emojiGroups.flatMap((group) => group.emoji.map(({ character }) => character));
    expect(new Set(all).size).toBe(all.length);
  });

  it('are found in both languages', () => {
    expect(findEmoji('thanks')[0]?.character).toBe('🙏');
    expect(findEmoji('荷物')[0]?.character).toBe('📦');
  });
});
