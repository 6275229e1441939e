import { describe, expect, it } from 'vitest';
import type { Attachment } from './attachments';
import { confirmed, withReturned, withText } from './drafts';
import { emojiGroups, findEmoji } from './emoji';
import { insertAt, toggleMark } from './marks';
import { pictureFault } from './pictures';
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
    file: new Blob(),
    previewUrl: `blob:${mediaId}`,
    state: { kind: 'ready', mediaId },
  });

  it('is one text message', () => {
    expect(piecesOf(' hi ', []).map(({ body }) => body)).toEqual([{ type: 'text', text: { body: 'hi' } }]);
  });

  it('is one message a picture, in order, the text under the first', () => {
    expect(piecesOf('look', [ready('a'), ready('b')]).map(({ body }) => body)).toEqual([
      { type: 'image', image: { id: 'a', caption: 'look' } },
      { type: 'image', image: { id: 'b' } },
    ]);
  });
});

describe('pictures', () => {
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

  it('are known by their first bytes, not by what they claim', async () => {
    expect(await pictureFault(new Blob([new Uint8Array(png)], { type: 'text/plain' }))).toBeNull();
    expect(await pictureFault(new Blob(['<svg/>'], { type: 'image/png' }))).toBe('type');
  });

  it('are too large above 5 MB', async () => {
    const large = new Uint8Array(5 * 1024 * 1024 + 1);
    large.set(png);
    expect(await pictureFault(new Blob([large]))).toBe('size');
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
