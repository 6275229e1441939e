import { useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { mediaUrl } from '../api/upload';
import { useOneUpload } from '../composer/useOneUpload';
import { Button } from '../shared/ui/Button';
import styles from './Channels.module.css';

interface Props {
  /** Where Meta shows the one that is set: on its own servers, which this page loads nothing from. */
  current: string | null;
  /** Another one, as its upload was named; null: it stays. */
  chosen: string | null;
  onChange: (mediaId: string | null) => void;
}

/** The picture beside the business's name. A chosen one is uploaded here at once, and goes to Meta when the profile is saved. */
export function PictureField({ current, chosen, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { state, choose } = useOneUpload({
    kind: 'image',
    unfit: (limit) => t('channels.profile.pictureUnfit', { limit }),
    onUploaded: (file) => onChange(file?.mediaId ?? null),
  });

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
