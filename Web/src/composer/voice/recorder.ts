import { webmToOgg } from './webmToOgg';

/** What a recording goes out as: a voice message, or ordinary sound where this browser records nothing that can be one. */
export interface Recording {
  file: Blob;
  kind: 'voice' | 'audio';
}

/** From best to last. Ogg is what WhatsApp plays as a voice message; WebM holds the same sound; MP4 goes as ordinary sound. */
const formats = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4'];

export function recordingFormat(): string | null {
  if (typeof MediaRecorder === 'undefined' || !navigator.mediaDevices) return null;
  return formats.find((format) => MediaRecorder.isTypeSupported(format)) ?? null;
}

export function recordsVoice(format: string | null): boolean {
  return format?.includes('opus') === true;
}

export interface Recorder {
  /** Ends it; null where nothing was recorded. */
  stop(): Promise<Recording | null>;
  discard(): void;
}

/** Begins to record from the microphone; throws what the browser throws where it may not. */
export async function record(format: string): Promise<Recorder> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
  });
  // Some microphones are stereo whatever they are asked for; WhatsApp takes one channel.
  const context = new AudioContext();
  const mono = new MediaStreamAudioDestinationNode(context, {
    channelCount: 1,
    channelCountMode: 'explicit',
  });
  context.createMediaStreamSource(stream).connect(mono);
  const recorder = new MediaRecorder(mono.stream, { mimeType: format, audioBitsPerSecond: 32_000 });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  recorder.start();
  const end = () => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  return {
    async stop() {
      const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
      recorder.stop();
      await stopped;
      end();
      return finish(new Blob(parts, { type: format }), format);
    },
    discard() {
      if (recorder.state !== 'inactive') recorder.stop();
      end();
    },
  };
}

async function finish(recorded: Blob, format: string): Promise<Recording | null> {
  if (recorded.size === 0) return null;
  if (!format.startsWith('audio/webm'))
    return { file: recorded, kind: recordsVoice(format) ? 'voice' : 'audio' };
  const ogg = webmToOgg(new Uint8Array(await recorded.arrayBuffer()));
  return ogg && { file: new Blob([ogg as BlobPart], { type: 'audio/ogg' }), kind: 'voice' };
}
