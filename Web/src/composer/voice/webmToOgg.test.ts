import { expect, it } from 'vitest';
import { checksum, samplesIn, webmToOgg } from './webmToOgg';

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
const element = (id: number[], content: number[]) => [
  ...id,
  0x40 | (content.length >> 8),
  content.length & 0xff,
  ...content,
];
const UNKNOWN = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const block = (packet: number[]) => element([0xa3], [0x81, 0, 0, 0x80, ...packet]);
const head = [...ascii('OpusHead'), 1, 1, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0];

/** As a browser writes it while it records: segment and cluster do not know how long they will be. */
function recording(packets: number[][]): Uint8Array {
  return new Uint8Array([
    ...element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], ascii('webm'))),
    ...[0x18, 0x53, 0x80, 0x67, ...UNKNOWN],
    ...element([0x16, 0x54, 0xae, 0x6b], element([0xae], element([0x63, 0xa2], head))),
    ...[0x1f, 0x43, 0xb6, 0x75, ...UNKNOWN],
    ...element([0xe7], [0]),
    ...packets.flatMap(block),
  ]);
}

interface Page {
  flags: number;
  samples: number;
  number: number;
  packets: Uint8Array[];
  sound: boolean;
}

function pagesOf(ogg: Uint8Array): Page[] {
  const pages: Page[] = [];
  for (let at = 0; at < ogg.length; ) {
    const view = new DataView(ogg.buffer, at);
    expect(String.fromCharCode(...ogg.subarray(at, at + 4))).toBe('OggS');
    const lacing = [...ogg.subarray(at + 27, at + 27 + view.getUint8(26))];
    let from = at + 27 + lacing.length;
    const packets: Uint8Array[] = [];
    let length = 0;
    for (const part of lacing) {
      length += part;
      if (part === 255) continue;
      packets.push(ogg.slice(from, from + length));
      from += length;
      length = 0;
    }
    const copy = ogg.slice(at, from);
    copy.fill(0, 22, 26);
    pages.push({
      flags: view.getUint8(5),
      samples: view.getUint32(6, true),
      number: view.getUint32(18, true),
      packets,
      sound: checksum(copy) === view.getUint32(22, true),
    });
    at = from;
  }
  return pages;
}

it('puts the packets of a recording into Ogg as they are', () => {
  const packets = Array.from({ length: 60 }, (_, index) => [
    0x78,
    index,
    ...new Array<number>(254 + (index % 3)).fill(7),
  ]);
  const ogg = webmToOgg(recording(packets));
  const pages = pagesOf(ogg ?? new Uint8Array());
  expect(pages.every(({ sound }) => sound)).toBe(true);
  expect(pages.map(({ number }) => number)).toEqual(pages.map((_, index) => index));
  expect(pages.map(({ flags }) => flags)).toEqual([2, ...pages.slice(2).map(() => 0), 4]);
  expect([...(pages[0]?.packets[0] ?? [])]).toEqual(head);
  expect(String.fromCharCode(...(pages[1]?.packets[0] ?? []).slice(0, 8))).toBe('OpusTags');
  expect(pages.slice(2).flatMap((page) => page.packets.map((packet) => [...packet]))).toEqual(packets);
  // 20 ms each, at 48 kHz.
  expect(pages.at(-1)?.samples).toBe(60 * 960);
});

it('makes nothing of what is no recording', () => {
  expect(webmToOgg(new Uint8Array([1, 2, 3]))).toBeNull();
  expect(webmToOgg(new Uint8Array())).toBeNull();
});

it('knows how long packets are', () => {
  expect([0x08, 0x78, 0x79, 0xe0].map((toc) => samplesIn(new Uint8Array([toc])))).toEqual([
    960, 960, 1920, 120,
  ]);
});

it('has the checksum of Ogg', () => {
  // The polynomial itself: the check value of CRC-32/MPEG-2 without its start value.
  expect(checksum(new Uint8Array([0, 0, 0, 1]))).toBe(0x04c11db7);
});
