import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock } from '../../messages/faces/Sound';
import { Button, IconButton } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import { toast } from '../../shared/ui/Toast';
import styles from '../Composer.module.css';
import { type Recorder, type Recording, record, recordingFormat, recordsVoice } from './recorder';

/** Speak, then look at it among the files, then send: nothing that was said leaves by itself. */
export function VoiceButton({
  disabled,
  onRecorded,
}: {
  disabled: boolean;
  onRecorded: (done: Recording) => void;
}) {
  const { t } = useTranslation();
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const [seconds, setSeconds] = useState(0);
  const live = useRef<Recorder | null>(null);
  live.current = recorder;
  useEffect(() => () => live.current?.discard(), []);
  useEffect(() => {
    if (!recorder) return;
    const began = performance.now();
    setSeconds(0);
    const timer = window.setInterval(() => setSeconds((performance.now() - began) / 1000), 250);
    return () => window.clearInterval(timer);
  }, [recorder]);

  const format = recordingFormat();
  if (!format) return null;
  const begin = async () => {
    try {
      setRecorder(await record(format));
    } catch {
      toast(t('voice.noMicrophone'));
    }
  };
  const finish = async () => {
    const done = await recorder?.stop();
    setRecorder(null);
    if (done) onRecorded(done);
    else toast(t('voice.nothing'));
  };
  if (!recorder)
    return (
      <IconButton
        icon="mic"
        label={t(recordsVoice(format) ? 'voice.record' : 'voice.recordPlain')}
        disabled={disabled}
        data-testid="voice-record"
        onClick={() => void begin()}
      />
    );
  return (
    <span
      className={styles.recording}
      role="group"
      aria-label={t('voice.recording')}
      data-testid="voice-recording"
    >
      <Icon name="mic" size={16} />
      <span className={styles.from}>{clock(seconds)}</span>
      <Button data-testid="voice-done" onClick={() => void finish()}>
        {t('voice.done')}
      </Button>
      <IconButton
        icon="trash"
        size={16}
        label={t('voice.discard')}
        onClick={() => {
          recorder.discard();
          setRecorder(null);
        }}
      />
    </span>
  );
}
