import { useEffect, useState } from 'react';
import { Icon } from '../shared/ui/Icon';
import styles from './Records.module.css';

const PAUSE_MS = 250;

/** A search that follows what is typed, a moment after the last key. */
export function SearchBox({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (q: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed === value) return;
    const timer = window.setTimeout(() => onChange(typed), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <label className={styles.search}>
      <Icon name="search" size={16} />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        maxLength={100}
        data-testid="record-search"
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}
