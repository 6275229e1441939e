import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Me } from '../api/types';
import { router } from '../app/router';
import { wakeOutbox } from '../composer/useOutbox';
import { createStore, useStore } from '../shared/store';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { peopleKeys } from './queries';
import { SignInForm } from './SignInForm';
import styles from './SignInPage.module.css';

const open = createStore(false);

/** The session has ended under somebody's hands: they sign in again on top of what they were doing. */
export function askToSignInAgain(): void {
  open.set(true);
}

/** Lies over the page, which stays as it is: what was being written is still there afterwards. */
export function SignInSheet() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const shown = useStore(open);
  const agent = queryClient.getQueryData<Me>(peopleKeys.me)?.agent;
  if (!shown || !agent) return null;

  const leave = async () => {
    open.set(false);
    await router.navigate({
      to: '/sign-in',
      search: { returnTo: router.state.location.href, expired: true },
    });
    queryClient.clear();
  };

  return (
    <Dialog title={t('signIn.againTitle')} lead={t('signIn.againLead')} onClose={() => void leave()}>
      <div className={styles.sheet} data-testid="sign-in-sheet">
        <SignInForm
          email={agent.email}
          onSignedIn={(me) => {
            open.set(false);
            queryClient.setQueryData(peopleKeys.me, me);
            void queryClient.invalidateQueries();
            wakeOutbox();
          }}
        >
          <Button look="link" onClick={() => void leave()}>
            {t('signIn.somebodyElse')}
          </Button>
        </SignInForm>
      </div>
    </Dialog>
  );
}
