import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../app/PageFrame';
import { RailMenu } from '../app/RailMenu';
import { Icon } from '../shared/ui/Icon';
import { HOME } from '../threads/views';
import styles from './Records.module.css';

/** The kinds of records, in the order of their tabs. */
const kinds = [
  { to: '/contacts', title: 'record.contacts' },
  { to: '/companies', title: 'record.companies' },
  { to: '/deals', title: 'record.deals' },
] as const;

/** The frame of all records. */
export function RecordsPage() {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const current = kinds.find((kind) => path.startsWith(kind.to));
  return (
    <PageFrame
      place="records"
      title={t(current?.title ?? 'record.contacts')}
      testId="records"
      className={styles.frame}
      top={(single) => (
        <div className={styles.top}>
          <nav className={styles.tabs} aria-label={t('record.title')}>
            {single && (
              <Link
                to="/inbox/$view"
                params={{ view: HOME }}
                className={styles.tab}
                aria-label={t('ops.back')}
              >
                <Icon name="back" size={16} />
              </Link>
            )}
            {kinds.map((kind) => (
              <Link
                key={kind.to}
                to={kind.to}
                className={styles.tab}
                aria-current={kind === current ? 'page' : undefined}
              >
                {t(kind.title)}
              </Link>
            ))}
          </nav>
          {single && (
            <span className={styles.me}>
              <RailMenu side="bottom" />
            </span>
          )}
        </div>
      )}
    >
      <Outlet />
    </PageFrame>
  );
}
