import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { savedAs } from '../../api/upload';
import type { FaceProps } from '.';
import { Caption } from './Caption';
import styles from './Faces.module.css';
import { NoFile } from './NoFile';

/** A film in the browser's own player: it has keys for play, sound and seeking, and a full screen. */
export function Film({ message, customerName }: FaceProps) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  const { media, type, direction } = message;
  if (!media) return <Caption text={message.text} />;
  const name =
    direction === 'inbound' ? t('message.filmFrom', { name: customerName }) : t('message.types.video');
  return (
    <>
      {media.url && !broken ? (
        // biome-ignore lint/a11y/useMediaCaption: customers' films bring no captions along.
        <video
          className={styles.film}
          src={media.url}
          controls
          playsInline
          preload="metadata"
          aria-label={name}
          data-testid="film"
          onError={() => setBroken(true)}
        />
      ) : (
        <NoFile type={type} media={media} broken={broken} />
      )}
      {broken && media.url && <Download url={media.url} name={media.fileName} />}
      <Caption text={message.text} />
    </>
  );
}

/** The way to what this browser cannot show. */
export function Download({ url, name }: { url: string; name: string | null }) {
  const { t } = useTranslation();
  return (
    <a className={styles.link} href={name ? savedAs(url, name) : url} download={name ?? ''}>
      {t('message.download')}
    </a>
  );
}
