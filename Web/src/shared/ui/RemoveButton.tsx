import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import styles from './RemoveButton.module.css';

interface Props {
  /** What goes, by its own name. */
  name: string;
  label: string;
  /** Where the name beside it does not say what the button is for. */
  hint?: string;
  disabled?: boolean;
  onRemove: () => void;
}

/** For what nothing brings back: asks once, in its own place. */
export function RemoveButton({ name, label, hint, disabled, onRemove }: Props) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  // The safe answer is under the finger and under Enter.
  useEffect(() => {
    if (asking) keep.current?.focus();
  }, [asking]);
  if (!asking)
    return (
      <Button className={styles.remove} aria-label={hint} disabled={disabled} onClick={() => setAsking(true)}>
        {label}
      </Button>
    );
  return (
    <span className={styles.question} role="alertdialog" aria-label={t('common.removeSure', { name })}>
      <span>{t('common.removeSure', { name })}</span>
      <Button ref={keep} onClick={() => setAsking(false)}>
        {t('common.keep')}
      </Button>
      <Button
        className={styles.remove}
        disabled={disabled}
        data-testid="remove-sure"
        onClick={() => {
          setAsking(false);
          onRemove();
        }}
      >
        {t('common.removeYes')}
      </Button>
    </span>
  );
}
