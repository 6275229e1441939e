import type { IconName } from '../shared/ui/Icon';
import { MOST_BYTES } from './pictures';

/** What a file goes out as. */
export type FileKind = 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';

const MB = 1024 * 1024;

/** What WhatsApp takes (docs/api.md, Media), checked before a byte is uploaded. The server looks closer. */
export const kinds: Record<FileKind, { icon: IconName; limit: number; caption: boolean }> = {
  image: { icon: 'photo', limit: MOST_BYTES, caption: true },
  video: { icon: 'video', limit: 16 * MB, caption: true },
  audio: { icon: 'mic', limit: 16 * MB, caption: false },
  voice: { icon: 'mic', limit: 16 * MB, caption: false },
  document: { icon: 'file', limit: 100 * MB, caption: true },
  sticker: { icon: 'smile', limit: 500 * 1024, caption: false },
};

export const MOST_FILES = 10;

export interface Verdict {
  kind: FileKind;
  fault: 'type' | 'size' | null;
  /** A picture can be made to fit. */
  mendable: boolean;
}

/** By the file's first bytes: names and types are only claims. */
export async function inspect(file: Blob): Promise<Verdict> {
  const head = new Uint8Array(await file.slice(0, 512).arrayBuffer());
  const { kind, fits } = kindOf(head, file.size);
  const fault = !fits ? 'type' : file.size > kinds[kind].limit ? 'size' : null;
  return { kind, fault, mendable: kind === 'image' };
}

interface Guess {
  kind: FileKind;
  /** WhatsApp takes files of this type. */
  fits: boolean;
}

function kindOf(head: Uint8Array, size: number): Guess {
  const text = String.fromCharCode(...head.slice(0, 16));
  const begins = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (begins(0xff, 0xd8, 0xff) || text.startsWith('\x89PNG\r\n')) return { kind: 'image', fits: true };
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP')
    return isSticker(head, size) ? { kind: 'sticker', fits: true } : { kind: 'image', fits: false };
  if (text.startsWith('GIF8') || text.startsWith('BM')) return { kind: 'image', fits: false };
  if (text.slice(4, 8) === 'ftyp') return ofBrand(text.slice(8, 12));
  if (begins(0x1a, 0x45, 0xdf, 0xa3)) return { kind: 'video', fits: false };
  if (text.startsWith('OggS') || text.startsWith('ID3') || text.startsWith('#!AMR'))
    return { kind: 'audio', fits: true };
  if (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0) return { kind: 'audio', fits: true };
  if (text.startsWith('%PDF-') || text.startsWith('PK\x03\x04') || begins(0xd0, 0xcf, 0x11, 0xe0))
    return { kind: 'document', fits: true };
  return { kind: 'document', fits: head.length > 0 && head.every(isText) };
}

const isText = (byte: number) => (byte >= 0x20 ? byte !== 0x7f : [9, 10, 12, 13].includes(byte));

function ofBrand(brand: string): Guess {
  if (/^(heic|heix|mif1|msf1|avif|avis)$/.test(brand)) return { kind: 'image', fits: false };
  if (brand === 'qt  ') return { kind: 'video', fits: false };
  return { kind: /^M4[AB]/.test(brand) ? 'audio' : 'video', fits: true };
}

/** 512 by 512 pixels, 100 KB, or 500 KB where it moves. Any other WebP is a picture to convert. */
function isSticker(head: Uint8Array, size: number): boolean {
  const at = (index: number) => head[index] ?? 0;
  const chunk = String.fromCharCode(...head.slice(12, 16));
  let width: number;
  let height: number;
  let animated = false;
  if (chunk === 'VP8X') {
    animated = (at(20) & 2) !== 0;
    width = 1 + (at(24) | (at(25) << 8) | (at(26) << 16));
    height = 1 + (at(27) | (at(28) << 8) | (at(29) << 16));
  } else if (chunk === 'VP8L') {
    const bits = at(21) | (at(22) << 8) | (at(23) << 16) | (at(24) << 24);
    width = 1 + (bits & 0x3fff);
    height = 1 + ((bits >> 14) & 0x3fff);
  } else {
    width = (at(26) | (at(27) << 8)) & 0x3fff;
    height = (at(28) | (at(29) << 8)) & 0x3fff;
  }
  return width === 512 && height === 512 && size <= (animated ? 500 : 100) * 1024;
}
