import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { errorText } from '../shared/errorText';
import { EmptyState, ErrorState } from '../shared/ui/States';

/** The whole page could not be shown: the server was out of reach before anything was known. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <ErrorState title={t('errors.pageTitle')} text={errorText(t, error)} onRetry={retry} />;
}

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <EmptyState icon="question" title={t('errors.notFoundTitle')} text={t('errors.not_found')}>
      <Link to="/inbox/$view" params={{ view: 'open' }}>
        {t('errors.toInbox')}
      </Link>
    </EmptyState>
  );
}
