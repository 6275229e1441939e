import { useTranslation } from 'react-i18next';
import { Icon } from '../../shared/ui/Icon';
import type { FaceProps } from '.';
import styles from './Faces.module.css';

/** A place by name, address and a link to a map; the map is opened outside, on a click. */
export function Place({ message }: FaceProps) {
  const { t } = useTranslation();
  const place = message.content?.location;
  const { latitude, longitude } = place ?? {};
  const numbers = latitude != null && longitude != null ? `${latitude}, ${longitude}` : null;
  return (
    <span className={styles.rich} data-testid="place">
      <Icon name="pin" size={22} />
      <span>
        <b>{place?.name ?? t('message.types.location')}</b>
        {place?.address && <span>{place.address}</span>}
        {place?.sensible && numbers ? (
          <a
            href={`https://www.google.com/maps/search/?api=1&query=${latitude},${longitude}`}
            target="_blank"
            rel="noopener noreferrer nofollow"
          >
            {t('message.openMap')}
          </a>
        ) : (
          <span className={styles.warn}>{t('message.noSuchPlace')}</span>
        )}
        {numbers && <small>{numbers}</small>}
      </span>
    </span>
  );
}
