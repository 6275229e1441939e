import type { ReactNode } from 'react';
import styles from './Form.module.css';

/** What went wrong with a whole form, read out when it appears. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <p className={styles.problem} role="alert">
      {children}
    </p>
  );
}

/** The end of a form: what can be done with it, the most likely at the right. */
export function FormFoot({ children }: { children: ReactNode }) {
  return <footer className={styles.foot}>{children}</footer>;
}
