import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Media } from '../api/types';
import { IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import styles from './Photo.module.css';

const sentences = {
  pending: 'message.photoPending',
  failed: 'message.photoFailed',
  too_large: 'message.photoTooLarge',
  damaged: 'message.file.damaged',
  infected: 'message.file.infected',
  held: 'message.file.held',
  broken: 'message.photoUnloadable',
} as const;

export function Photo({ media, from }: { media: Media; from: string | null }) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  const [large, setLarge] = useState(false);
  const name = from ? t('message.photoFrom', { name: from }) : t('message.photo');

  if (media.state !== 'ready' || !media.url || broken) {
    const state = media.state === 'ready' ? 'broken' : media.state;
    return (
      <span className={styles.frame}>
        <span className={styles.note}>
          <Icon name="photo" size={24} />
          {t(sentences[state])}
        </span>
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        className={styles.frame}
        aria-label={`${t('message.openPhoto')}: ${name}`}
        onClick={() => setLarge(true)}
      >
        <img
          src={`${media.url}?size=thumb`}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
      </button>
      {large && <Lightbox url={media.url} name={name} onClose={() => setLarge(false)} />}
    </>
  );
}

function Lightbox({ url, name, onClose }: { url: string; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it as well, through onCancel.
    <dialog
      ref={dialog}
      className={styles.lightbox}
      aria-label={name}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => !(event.target instanceof HTMLImageElement) && onClose()}
    >
      <img src={url} alt={name} />
      <IconButton icon="close" size={20} label={t('message.close')} onClick={onClose} />
    </dialog>
  );
}
