import { useTranslation } from 'react-i18next';
import type { ThreadFilter } from '../api/types';
import { EmptyState } from '../shared/ui/States';
import { sandboxAddress } from './sandbox';
import { views } from './views';

/** Why nothing is listed, and what to do next. */
export function EmptyList({ view, q }: { view: ThreadFilter; q: string }) {
  const { t } = useTranslation();
  if (q) {
    return (
      <EmptyState
        icon="search"
        title={t('list.empty.searchTitle', { q })}
        text={t('list.empty.searchText')}
      />
    );
  }
  const icon = views.find((other) => other.filter === view)?.icon ?? 'inbox';
  const sandbox = view === 'all' ? sandboxAddress(window.location) : null;
  return (
    <EmptyState icon={icon} title={t(`list.empty.${view}Title`)} text={t(`list.empty.${view}Text`)}>
      {sandbox && (
        <a href={sandbox} target="_blank" rel="noopener noreferrer">
          {t('list.empty.sandbox')}
        </a>
      )}
    </EmptyState>
  );
}
