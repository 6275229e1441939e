import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ThreadFilter } from '../api/types';
import { QuotaMeter } from '../quota/QuotaMeter';
import { number } from '../shared/dates';
import { Icon } from '../shared/ui/Icon';
import { useThreadCounts } from './queries';
import styles from './ViewList.module.css';
import { views } from './views';

export function ViewList({ view, onChosen }: { view: ThreadFilter; onChosen?: () => void }) {
  const { t } = useTranslation();
  const counts = useThreadCounts().data;
  return (
    <nav className={styles.list} aria-label={t('views.label')}>
      {views.map(({ filter, icon }) => (
        <Link
          key={filter}
          to="/inbox/$view"
          params={{ view: filter }}
          className={styles.view}
          aria-current={filter === view ? 'page' : undefined}
          activeProps={{}}
          data-view={filter}
          onClick={onChosen}
        >
          <Icon name={icon} />
          <span>{t(`views.${filter}`)}</span>
          <b>{counts && counts[filter] > 0 ? number(counts[filter]) : ''}</b>
        </Link>
      ))}
    </nav>
  );
}

export function ViewsPane({ view }: { view: ThreadFilter }) {
  const { t } = useTranslation();
  return (
    <aside className={styles.pane} aria-label={t('views.label')}>
      <h2>{t('views.title')}</h2>
      <ViewList view={view} />
      <div className={styles.spacer} />
      <QuotaMeter />
    </aside>
  );
}
