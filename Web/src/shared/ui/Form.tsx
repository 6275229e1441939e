import { type ReactNode, useEffect, useRef } from 'react';
import styles from './Form.module.css';

/** What went wrong with a whole form, read out when it appears, and brought into view: a form may be longer than the window. */
export function Problem({ children }: { children: ReactNode }) {
  const shown = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    shown.current?.scrollIntoView?.({ block: 'nearest' });
  }, []);
  return (
    <p ref={shown} className={styles.problem} role="alert">
      {children}
    </p>
  );
}

/** The end of a form: what can be done with it, the most likely at the right. */
export function FormFoot({ children }: { children: ReactNode }) {
  return <footer className={styles.foot}>{children}</footer>;
}
