import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { createStore, useStore } from '../store';
import { IconButton } from './Button';
import styles from './Toast.module.css';

const current = createStore<{ text: string } | null>(null);
const SHOWN_MS = 7000;

/** One at a time: a new one takes the place of the last. */
export function toast(text: string): void {
  current.set({ text });
}

export function ToastRegion() {
  const { t } = useTranslation();
  const shown = useStore(current);

  useEffect(() => {
    if (!shown) return;
    const timer = window.setTimeout(() => current.set(null), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [shown]);

  return (
    <div className={styles.region} role="status">
      {shown && (
        <div className={styles.toast}>
          <span>{shown.text}</span>
          <IconButton icon="close" size={16} label={t('common.close')} onClick={() => current.set(null)} />
        </div>
      )}
    </div>
  );
}
