import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { entry } from '../api/people';
import { setLanguage } from '../i18n';
import { EntryPage, Notice } from './EntryPage';
import { peopleKeys } from './queries';
import { safeReturnTo } from './returnTo';
import { SignInForm } from './SignInForm';
import styles from './SignInPage.module.css';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { returnTo, expired, changed, problem } = route.useSearch();
  const options = useQuery({ queryKey: ['sign-in-options'], queryFn: () => entry.options(), retry: 1 });

  return (
    <EntryPage title={t('signIn.title')} lead={t('signIn.lead')}>
      {expired && <Notice calm text={t('signIn.expired')} />}
      {changed && <Notice calm text={t('signIn.changed')} />}
      {problem && <Notice text={t([`errors.${problem}`, 'errors.unknown'], { code: problem })} />}
      <SignInForm
        onSignedIn={(me) => {
          // Nothing of whoever used this browser before may be seen.
          queryClient.clear();
          queryClient.setQueryData(peopleKeys.me, me);
          if (me.agent) void setLanguage(me.agent.language);
          router.history.push(safeReturnTo(returnTo) ?? '/');
        }}
      >
        {options.data && <Forgotten mail={options.data.mail} />}
      </SignInForm>
      {options.data?.provider && (
        <a
          className={styles.provider}
          href={`/api/v1/sign-in/provider?returnTo=${encodeURIComponent(safeReturnTo(returnTo) ?? '/')}`}
          data-testid="sign-in-provider"
        >
          {t('signIn.provider', { name: options.data.provider })}
        </a>
      )}
    </EntryPage>
  );
}

function Forgotten({ mail }: { mail: boolean }) {
  const { t } = useTranslation();
  return mail ? <Link to="/forgotten">{t('forgotten.link')}</Link> : <small>{t('forgotten.noMail')}</small>;
}
