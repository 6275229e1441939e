/** How a sound looks: the loudest of each of its parts, 0 to 1, and its length in seconds. */
export interface Waveform {
  peaks: number[];
  seconds: number;
}

export const BARS = 40;
/** Longer sounds are played all the same; drawing them would cost more than it tells. */
const MOST_BYTES = 2 * 1024 * 1024;

const drawn = new Map<string, Promise<Waveform | null>>();

/** Of a file, once; null where neither the server nor this browser can draw it. */
export function waveformOf(
  url: string,
  size: number | null,
  mimeType: string | null,
): Promise<Waveform | null> {
  let known = drawn.get(url);
  if (!known) {
    known = draw(url, size, mimeType).catch(() => null);
    drawn.set(url, known);
  }
  return known;
}

/** Voice messages are drawn by the server; every other sound, and what it passes on, is decoded here. */
async function draw(url: string, size: number | null, mimeType: string | null): Promise<Waveform | null> {
  if (mimeType === 'audio/ogg') {
    const answer = await fetch(`${url}/waveform`);
    const wave: Waveform | null = answer.ok ? await answer.json() : null;
    if (wave && wave.peaks.length > 0) return wave;
  }
  if (size === null || size > MOST_BYTES || typeof OfflineAudioContext === 'undefined') return null;
  return decode(url);
}

async function decode(url: string): Promise<Waveform> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error('not there');
  const context = new OfflineAudioContext(1, 1, 16_000);
  const sound = await context.decodeAudioData(await answer.arrayBuffer());
  return { peaks: peaksOf(sound.getChannelData(0), BARS), seconds: sound.duration };
}

export function peaksOf(samples: ArrayLike<number>, bars: number): number[] {
  const peaks = Array.from({ length: bars }, (_, bar) => {
    const to = Math.floor(((bar + 1) * samples.length) / bars);
    let most = 0;
    for (let at = Math.floor((bar * samples.length) / bars); at < to; at++)
      most = Math.max(most, Math.abs(samples[at] ?? 0));
    return most;
  });
  const loudest = Math.max(...peaks);
  return loudest > 0 ? peaks.map((peak) => peak / loudest) : peaks;
}
