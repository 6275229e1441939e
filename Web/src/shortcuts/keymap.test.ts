// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { isField, readKey } from './keymap';

const press = (key: string, over = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 0,
  ...over,
});
const free = { inField: false, singleKeys: true, pendingKey: null };

describe('the keys', () => {
  it('act alone, and in pairs', () => {
    expect(readKey(press('j'), free).command).toBe('next');
    expect(readKey(press('?'), free).command).toBe('map');
    expect(readKey(press('g'), free)).toEqual({ command: null, pendingKey: 'g' });
    expect(readKey(press('u'), { ...free, pendingKey: 'g' }).command).toBe('goUnassigned');
  });

  it('are letters in a field, where switched off, and while an input method composes', () => {
    expect(readKey(press('j'), { ...free, inField: true }).command).toBeNull();
    expect(readKey(press('j'), { ...free, singleKeys: false }).command).toBeNull();
    expect(readKey(press('j', { isComposing: true }), free).command).toBeNull();
    expect(readKey(press('k', { keyCode: 229, ctrlKey: true }), free).command).toBeNull();
  });

  it('leave the browser its own combinations', () => {
    expect(readKey(press('r', { ctrlKey: true }), free).command).toBeNull();
    expect(readKey(press('j', { altKey: true }), free).command).toBeNull();
  });

  it('open the palette from anywhere', () => {
    expect(
      readKey(press('k', { ctrlKey: true }), { ...free, inField: true, singleKeys: false }).command,
    ).toBe('palette');
    expect(readKey(press('K', { metaKey: true }), free).command).toBe('palette');
  });

  it('know a field', () => {
    expect(isField(document.createElement('textarea'))).toBe(true);
    expect(isField(document.createElement('button'))).toBe(false);
    const box = document.createElement('input');
    box.type = 'checkbox';
    expect(isField(box)).toBe(false);
  });
});
