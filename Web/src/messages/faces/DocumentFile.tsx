import { useTranslation } from 'react-i18next';
import { savedAs } from '../../api/upload';
import { fileSize } from '../../shared/dates';
import { Icon } from '../../shared/ui/Icon';
import type { FaceProps } from '.';
import { Caption } from './Caption';
import styles from './Faces.module.css';
import { NoFile } from './NoFile';

/** Name, kind and size; a click saves it. Nothing of it is ever opened inside the console. */
export function DocumentFile({ message }: FaceProps) {
  const { t } = useTranslation();
  const { media, type } = message;
  if (!media) return <Caption text={message.text} />;
  const name = media.fileName ?? t('message.types.document');
  const facts = [ending(name), media.size ? fileSize(media.size) : null].filter(Boolean).join(' · ');
  return (
    <>
      {media.url ? (
        <a className={styles.document} href={savedAs(media.url, name)} download={name} data-testid="document">
          <Icon name="file" size={24} />
          <span>
            {/* Isolated: direction marks in a name must not turn what stands beside it. */}
            <bdi>{name}</bdi>
            <small>{facts}</small>
          </span>
          <Icon name="download" size={18} />
          <span className="visually-hidden">{t('message.download')}</span>
        </a>
      ) : (
        <>
          <bdi className={styles.name}>{name}</bdi>
          <NoFile type={type} media={media} />
        </>
      )}
      <Caption text={message.text} />
    </>
  );
}

function ending(name: string): string | null {
  const at = name.lastIndexOf('.');
  return at > 0 && name.length - at <= 6 ? name.slice(at + 1).toUpperCase() : null;
}
