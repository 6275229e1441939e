import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import { Icon, type IconName } from './Icon';
import styles from './States.module.css';

interface StateProps {
  icon: IconName;
  title: string;
  text?: string;
  children?: ReactNode;
}

/** Nothing here: says why and teaches the next step. */
export function EmptyState({ icon, title, text, children }: StateProps) {
  return (
    <div className={styles.state}>
      <span className={styles.art}>
        <Icon name={icon} size={26} />
      </span>
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children && <div className={styles.action}>{children}</div>}
    </div>
  );
}

/** It did not work: what happened, what to do, and a button that tries again. */
export function ErrorState({ title, text, onRetry }: { title: string; text: string; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.state} role="alert">
      <span className={`${styles.art} ${styles.bad}`}>
        <Icon name="alert" size={26} />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      <div className={styles.action}>
        <Button onClick={onRetry}>
          <Icon name="retry" size={16} />
          {t('errors.retry')}
        </Button>
      </div>
    </div>
  );
}

/** One grey piece of a skeleton; skeletons have the shape of what is to come. */
export function Bone({
  width,
  height = 12,
  round,
  className,
}: {
  width: CSSProperties['width'];
  height?: number;
  round?: boolean;
  className?: string;
}) {
  return (
    <span
      className={className ? `${styles.bone} ${className}` : styles.bone}
      style={{ width, height, borderRadius: round ? '50%' : height > 30 ? 'var(--radius-l)' : undefined }}
    />
  );
}
