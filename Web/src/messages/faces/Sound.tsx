import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../shared/ui/Button';
import type { FaceProps } from '.';
import styles from './Faces.module.css';
import { Download } from './Film';
import { NoFile } from './NoFile';
import { type Waveform, waveformOf } from './waveform';

const speeds = [1, 1.5, 2];
let chosenSpeed = 0;

/** Sound with play, length, speed and seeking by keyboard; after a voice message the next one plays on. */
export function Sound({ message, customerName }: FaceProps) {
  const { t } = useTranslation();
  const { media, type } = message;
  const [broken, setBroken] = useState(false);
  if (!media) return null;
  if (!media.url || broken)
    return (
      <>
        <NoFile type={type} media={media} broken={broken} />
        {broken && media.url && <Download url={media.url} name={media.fileName} />}
      </>
    );
  const kind = t(message.content?.voice ? 'message.types.voice' : 'message.types.audio');
  const name = message.direction === 'inbound' ? `${kind}, ${customerName}` : kind;
  return (
    <Player
      url={media.url}
      size={media.size}
      mimeType={media.mimeType}
      name={name}
      voice={message.content?.voice === true}
      onBroken={() => setBroken(true)}
    />
  );
}

interface PlayerProps {
  url: string;
  size: number | null;
  mimeType: string | null;
  name: string;
  voice: boolean;
  onBroken: () => void;
}

export function Player({ url, size, mimeType, name, voice, onBroken }: PlayerProps) {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [speed, setSpeed] = useState(chosenSpeed);
  const wave = useWaveform(url, size, mimeType);
  const seconds = length || wave?.seconds || 0;

  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) {
      element.pause();
      return;
    }
    for (const other of document.querySelectorAll('audio')) if (other !== element) other.pause();
    element.playbackRate = speeds[chosenSpeed] ?? 1;
    setSpeed(chosenSpeed);
    element.play().catch(onBroken);
  };
  const faster = () => {
    chosenSpeed = (speed + 1) % speeds.length;
    setSpeed(chosenSpeed);
    if (audio.current) audio.current.playbackRate = speeds[chosenSpeed] ?? 1;
  };
  const seek = (to: number) => {
    setAt(to);
    if (audio.current) audio.current.currentTime = to;
  };

  return (
    <span className={styles.sound} data-testid="sound" data-playing={playing}>
      {/* biome-ignore lint/a11y/useMediaCaption: spoken messages bring no captions along. */}
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        data-voice={voice || undefined}
        onError={onBroken}
        onLoadedMetadata={(event) => {
          const { duration } = event.currentTarget;
          if (Number.isFinite(duration)) setLength(duration);
        }}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onEnded={(event) => {
          setAt(0);
          if (voice) playNext(event.currentTarget);
        }}
      />
      <IconButton
        icon={playing ? 'pause' : 'play'}
        size={20}
        label={`${t(playing ? 'message.pause' : 'message.play')}: ${name}`}
        onClick={toggle}
      />
      <span className={styles.track}>
        {wave && <Bars wave={wave} share={seconds > 0 ? at / seconds : 0} />}
        <input
          type="range"
          min={0}
          max={Math.max(seconds, 0.1)}
          step={0.1}
          value={Math.min(at, seconds)}
          aria-label={t('message.seek', { name })}
          aria-valuetext={t('message.seekAt', { at: clock(at), length: clock(seconds) })}
          className={wave ? styles.over : undefined}
          onChange={(event) => seek(Number(event.target.value))}
          onKeyDown={(event) => {
            // A tenth of a second is too little for a key.
            const step = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5 }[event.key];
            if (!step) return;
            event.preventDefault();
            seek(Math.max(0, Math.min(seconds, at + step)));
          }}
        />
      </span>
      <span className={styles.clock}>{clock(playing || at > 0 ? at : seconds)}</span>
      <button type="button" className={styles.speed} aria-label={t('message.speed')} onClick={faster}>
        {speeds[speed]}×
      </button>
    </span>
  );
}

/** The voice message that stands next in the thread; its own play button starts it. */
function playNext(ended: HTMLAudioElement): void {
  const all = [...document.querySelectorAll<HTMLAudioElement>('audio[data-voice]')];
  const next = all.sort(byPlace)[all.indexOf(ended) + 1];
  next?.parentElement?.querySelector<HTMLButtonElement>('button')?.click();
}

/** Rows of the list are placed by number, whatever their order in the document. */
function byPlace(a: Element, b: Element): number {
  const place = (element: Element) =>
    Number(element.closest('[data-index]')?.getAttribute('data-index') ?? 0);
  return place(a) - place(b);
}

function Bars({ wave, share }: { wave: Waveform; share: number }) {
  const width = 100 / wave.peaks.length;
  return (
    <svg className={styles.wave} viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      {wave.peaks.map((peak, index) => {
        const height = Math.max(2, peak * 22);
        const heard = index / wave.peaks.length < share;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bars are their places.
            key={index}
            className={heard ? styles.heard : undefined}
            x={index * width + width * 0.2}
            y={12 - height / 2}
            width={width * 0.6}
            height={height}
            rx={0.6}
          />
        );
      })}
    </svg>
  );
}

function useWaveform(url: string, size: number | null, mimeType: string | null): Waveform | null {
  const [wave, setWave] = useState<Waveform | null>(null);
  useEffect(() => {
    let here = true;
    void waveformOf(url, size, mimeType).then((drawn) => here && setWave(drawn));
    return () => {
      here = false;
    };
  }, [url, size, mimeType]);
  return wave;
}

/** 0:07, 12:34 */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
