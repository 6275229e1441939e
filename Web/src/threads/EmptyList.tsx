import { useTranslation } from 'react-i18next';
import { EmptyState } from '../shared/ui/States';
import { sandboxAddress } from './sandbox';
import { defaultViews, HOME, isDefaultView } from './views';

/** Why nothing is listed, and what to do next. */
export function EmptyList({ view }: { view: string }) {
  const { t } = useTranslation();
  if (!isDefaultView(view)) {
    return <EmptyState icon="sliders" title={t('list.empty.madeTitle')} text={t('list.empty.madeText')} />;
  }
  const icon = defaultViews.find((other) => other.id === view)?.icon ?? 'inbox';
  const sandbox = view === HOME ? sandboxAddress(window.location) : null;
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
