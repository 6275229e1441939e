import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FaceProps } from '.';
import styles from './Faces.module.css';
import { NoFile } from './NoFile';

/** Without a frame, as on the phone; an animated one moves by itself, as WebP does. */
export function Sticker({ message }: FaceProps) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  const { media, type } = message;
  if (!media) return null;
  if (!media.url || broken) return <NoFile type={type} media={media} broken={broken} />;
  return (
    <img
      className={styles.sticker}
      src={media.url}
      alt={t('message.types.sticker')}
      loading="lazy"
      decoding="async"
      data-testid="sticker"
      onError={() => setBroken(true)}
    />
  );
}
