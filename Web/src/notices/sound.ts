/** Two soft notes, made here: there is no file to fetch. Silent where the browser lets no page sound that nobody has clicked in. */
export async function playSound(): Promise<void> {
  try {
    const audio = new AudioContext();
    if (audio.state === 'suspended') await audio.resume();
    const loudness = audio.createGain();
    loudness.connect(audio.destination);
    loudness.gain.setValueAtTime(0.08, audio.currentTime);
    loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.45);
    for (const [pitch, after] of [
      [660, 0],
      [880, 0.12],
    ] as const) {
      const note = audio.createOscillator();
      note.frequency.value = pitch;
      note.connect(loudness);
      note.start(audio.currentTime + after);
      note.stop(audio.currentTime + 0.45);
    }
    window.setTimeout(() => void audio.close(), 1000);
  } catch {
    // A browser without sound shows the notice all the same.
  }
}

const ONCE_MS = 3000;

/** The same in one tab only, however many are open. */
export function playOnce(id: string): void {
  if (!navigator.locks) {
    void playSound();
    return;
  }
  void navigator.locks.request(`threadkeep-sound-${id}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await playSound();
    await new Promise((resolve) => window.setTimeout(resolve, ONCE_MS));
  });
}
