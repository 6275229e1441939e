import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { LiveProvider } from '../live/LiveProvider';
import { Icon } from '../shared/ui/Icon';
import { useMedia } from '../shared/useMedia';
import { HOME } from '../threads/views';
import styles from './PageFrame.module.css';
import { type Place, Rail } from './Rail';
import { RailMenu } from './RailMenu';

interface Props {
  place: Place;
  /** In the browser's tab. */
  title: string;
  testId: string;
  /** Stands over the page in place of the way back that narrow screens have there. */
  top?: (single: boolean) => ReactNode;
  className?: string;
  children: ReactNode;
}

/** A page beside the rail; on a narrow screen it is alone, with a way back. */
export function PageFrame({ place, title, testId, top, className = '', children }: Props) {
  const { t } = useTranslation();
  const single = useMedia('(max-width: 799px)');
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [t, title]);
  return (
    <LiveProvider>
      <div className={single ? styles.single : styles.shell}>
        {!single && <Rail place={place} />}
        <main className={styles.page} data-testid={testId}>
          <div className={`${styles.content} ${className}`}>
            {top ? top(single) : single && <TopRow />}
            {children}
          </div>
        </main>
      </div>
    </LiveProvider>
  );
}

/** The way back and the person's menu, where there is no rail. */
function TopRow() {
  return (
    <nav className={styles.top}>
      <BackLink />
      <span className={styles.me}>
        <RailMenu side="bottom" />
      </span>
    </nav>
  );
}

/** Back to the conversations. */
export function BackLink() {
  const { t } = useTranslation();
  return (
    <Link to="/inbox/$view" params={{ view: HOME }} className={styles.back}>
      <Icon name="back" size={16} />
      {t('ops.back')}
    </Link>
  );
}

/** What the page is, and what stands at its right. */
export function PageHead({ title, lead, children }: { title: string; lead: string; children?: ReactNode }) {
  return (
    <header className={styles.head}>
      <div>
        <h1>{title}</h1>
        <p>{lead}</p>
      </div>
      {children}
    </header>
  );
}
