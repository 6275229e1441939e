/**
 * WhatsApp plays a voice message only from Ogg with Opus; Chromium records the same Opus in WebM. The packets are taken out of the one
 * container and put into the other as they are: nothing is decoded, nothing is lost. WebM: RFC 8794 and the Matroska elements; Ogg: RFC
 * 3533; Opus in Ogg: RFC 7845.
 */
export function webmToOgg(webm: Uint8Array): Uint8Array | null {
  const { head, packets } = readWebm(webm);
  if (packets.length === 0) return null;
  return writeOgg(head ?? monoHead(), packets);
}

// Elements that only hold others are looked into, whatever length they claim: a recording in progress knows none.
const CONTAINERS = new Set([0x18538067, 0x1f43b675, 0x1654ae6b, 0xae, 0xa0]);
const CODEC_PRIVATE = 0x63a2;
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;

function readWebm(bytes: Uint8Array): { head: Uint8Array | null; packets: Uint8Array[] } {
  const packets: Uint8Array[] = [];
  let head: Uint8Array | null = null;
  let at = 0;
  while (at < bytes.length) {
    const id = readId(bytes, at);
    at += id.length;
    const size = readSize(bytes, at);
    at += size.length;
    if (CONTAINERS.has(id.value)) continue;
    const content = bytes.subarray(at, Math.min(at + size.value, bytes.length));
    if (id.value === CODEC_PRIVATE && isOpusHead(content)) head = content;
    // A block: the track's number, two bytes of time, a byte of flags, then the packet.
    if (id.value === SIMPLE_BLOCK || id.value === BLOCK) {
      const packet = content.subarray(readSize(content, 0).length + 3);
      if (packet.length > 0) packets.push(packet);
    }
    at += size.value;
  }
  return { head, packets };
}

/** The length of a number stands in the leading zeros of its first byte. */
function lengthOf(first: number): number {
  return Math.min(8, Math.clz32(first) - 23);
}

function readId(bytes: Uint8Array, at: number): { value: number; length: number } {
  const length = Math.min(4, lengthOf(bytes[at] ?? 0));
  let value = 0;
  for (let index = 0; index < length; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return { value, length };
}

function readSize(bytes: Uint8Array, at: number): { value: number; length: number } {
  const first = bytes[at] ?? 0;
  const length = lengthOf(first);
  let value = first & (0xff >> length);
  for (let index = 1; index < length; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return { value, length };
}

function isOpusHead(bytes: Uint8Array): boolean {
  return bytes.length >= 19 && String.fromCharCode(...bytes.subarray(0, 8)) === 'OpusHead';
}

const RATE = 48_000;
const PRE_SKIP = 312;

function monoHead(): Uint8Array {
  const head = new Uint8Array(19);
  head.set(ascii('OpusHead'));
  const view = new DataView(head.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, 1);
  view.setUint16(10, PRE_SKIP, true);
  view.setUint32(12, RATE, true);
  return head;
}

const MOST_SEGMENTS = 255;
const FIRST = 2;
const LAST = 4;

function writeOgg(head: Uint8Array, packets: Uint8Array[]): Uint8Array {
  const pages: Uint8Array[] = [];
  const write = (content: Uint8Array[], samples: number, flags: number) =>
    pages.push(page(content, samples, flags, pages.length));
  write([head], 0, FIRST);
  write([tags()], 0, 0);
  let samples = 0;
  let held: Uint8Array[] = [];
  let segments = 0;
  for (const packet of packets) {
    const needs = Math.floor(packet.length / 255) + 1;
    // A second of sound to a page, as encoders do: whoever seeks finds its place quickly.
    if (segments + needs > MOST_SEGMENTS || held.length >= 50) {
      write(held, samples, 0);
      held = [];
      segments = 0;
    }
    held.push(packet);
    segments += needs;
    samples += samplesIn(packet);
  }
  write(held, samples, LAST);
  const whole = new Uint8Array(pages.reduce((length, one) => length + one.length, 0));
  let at = 0;
  for (const one of pages) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

function tags(): Uint8Array {
  const vendor = ascii('Threadkeep');
  const bytes = new Uint8Array(8 + 4 + vendor.length + 4);
  bytes.set(ascii('OpusTags'));
  new DataView(bytes.buffer).setUint32(8, vendor.length, true);
  bytes.set(vendor, 12);
  return bytes;
}

/** How much sound a packet holds, at 48 kHz: its first byte says so (RFC 6716, 3.1). */
export function samplesIn(packet: Uint8Array): number {
  const toc = packet[0] ?? 0;
  const config = toc >> 3;
  const silk = [10, 20, 40, 60][config & 3] ?? 20;
  const hybrid = [10, 20][config & 1] ?? 20;
  const celt = [2.5, 5, 10, 20][config & 3] ?? 20;
  const ms = config < 12 ? silk : config < 16 ? hybrid : celt;
  const frames = [1, 2, 2, (packet[1] ?? 1) & 0x3f][toc & 3] ?? 1;
  return (ms * frames * RATE) / 1000;
}

const SERIAL = 0x746b;

function page(packets: Uint8Array[], samples: number, flags: number, number: number): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [
    ...new Array<number>(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  const header = 27 + lacing.length;
  const bytes = new Uint8Array(header + packets.reduce((length, packet) => length + packet.length, 0));
  const view = new DataView(bytes.buffer);
  bytes.set(ascii('OggS'));
  view.setUint8(5, flags);
  view.setUint32(6, samples >>> 0, true);
  view.setUint32(10, Math.floor(samples / 2 ** 32), true);
  view.setUint32(14, SERIAL, true);
  view.setUint32(18, number, true);
  view.setUint8(26, lacing.length);
  bytes.set(lacing, 27);
  let at = header;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, checksum(bytes), true);
  return bytes;
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** CRC-32 as Ogg has it: not reflected, from zero. */
export function checksum(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = ((value << 8) ^ (table[((value >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return value;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
