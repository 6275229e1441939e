import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mediaUrl, uploadMedia } from '../api/upload';
import { inspect, kinds } from '../composer/files';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import styles from './Channels.module.css';

interface Props {
  /** Where Meta shows the one that is set: on its own servers, which this page loads nothing from. */
  current: string | null;
  /** Another one, as its upload was named; null: it stays. */
  chosen: string | null;
  onChange: (mediaId: string | null) => void;
}

type State = { kind: 'idle' } | { kind: 'uploading'; share: number } | { kind: 'failed'; why: string };

/** The picture beside the business's name. A chosen one is uploaded here at once, and goes to Meta when the profile is saved. */
export function PictureField({ current, chosen, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const running = useRef<AbortController>(null);
  const [state, setState] = useState<State>({ kind: 'idle' });
  useEffect(() => () => running.current?.abort(), []);

  const choose = async (file: File) => {
    running.current?.abort();
    const upload = new AbortController();
    running.current = upload;
    onChange(null);
    const verdict = await inspect(file);
    if (verdict.kind !== 'image' || verdict.fault) {
      setState({
        kind: 'failed',
        why: t('channels.profile.pictureUnfit', { limit: kinds.image.limit / 1024 / 1024 }),
      });
      return;
    }
    setState({ kind: 'uploading', share: 0 });
    try {
      const { id: mediaId } = await uploadMedia(
        file,
        { kind: 'image', name: file.name },
        (share) => setState({ kind: 'uploading', share }),
        upload.signal,
      );
      setState({ kind: 'idle' });
      onChange(mediaId);
    } catch (error) {
      if (!upload.signal.aborted) setState({ kind: 'failed', why: errorText(t, error) });
    }
  };

  return (
    <div className={styles.picture}>
      {chosen && <img src={mediaUrl(chosen)} alt={t('channels.profile.pictureChosen')} />}
      <div>
        <label htmlFor={id}>{t('channels.profile.picture')}</label>
        <input
          ref={input}
          id={id}
          type="file"
          className="visually-hidden"
          accept="image/jpeg,image/png"
          aria-invalid={state.kind === 'failed'}
          aria-describedby={`${id}-note`}
          data-testid="profile-picture"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) void choose(file);
          }}
        />
        <div className={styles.pictureActs}>
          <Button onClick={() => input.current?.click()}>
            {t(current || chosen ? 'channels.profile.pictureOther' : 'channels.profile.pictureChoose')}
          </Button>
          {current && !chosen && (
            <a href={current} target="_blank" rel="noreferrer">
              {t('channels.profile.pictureShow')}
            </a>
          )}
        </div>
        <p id={`${id}-note`} role={state.kind === 'failed' ? 'alert' : undefined}>
          {state.kind === 'uploading' ? (
            <progress value={state.share} aria-label={t('channels.profile.pictureUploading')} />
          ) : state.kind === 'failed' ? (
            state.why
          ) : (
            t(chosen ? 'channels.profile.pictureWaits' : 'channels.profile.pictureHint')
          )}
        </p>
      </div>
    </div>
  );
}
