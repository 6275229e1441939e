import { type KeyboardEvent, useRef } from 'react';
import styles from './Choice.module.css';

interface Props<T extends string> {
  label: string;
  value: T | null;
  options: { value: T; label: string; lang?: string }[];
  onChange: (value: T) => void;
  testId?: string;
}

/** A few choices side by side: a radio group, moved through with the arrow keys. */
export function Choice<T extends string>({ label, value, options, onChange, testId }: Props<T>) {
  const group = useRef<HTMLDivElement>(null);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = options.findIndex((option) => option.value === value);
    const next = (at + step + options.length) % options.length;
    const option = options[next];
    if (!option) return;
    onChange(option.value);
    group.current?.querySelectorAll('button')[next]?.focus();
  };

  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={label}
      className={styles.group}
      data-testid={testId}
      onKeyDown={move}
    >
      {options.map((option, index) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          lang={option.lang}
          aria-checked={option.value === value}
          tabIndex={option.value === value || (value === null && index === 0) ? 0 : -1}
          data-value={option.value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
