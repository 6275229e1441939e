import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { connections, type Signup } from '../api/channels';
import { ProblemError } from '../api/problem';
import settings from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Check } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { Icon } from '../shared/ui/Icon';
import { Bone, ErrorState } from '../shared/ui/States';
import styles from './Channels.module.css';
import { ManualForm } from './ManualForm';
import { refreshChannels } from './queries';
import { ReadyNumbers } from './ReadyNumbers';
import { loadSdk, signUp } from './signup';

const checklist = [
  'legalName',
  'displayName',
  'website',
  'email',
  'admin',
  'access',
  'voice',
  'ivr',
  'unused',
  'personal',
] as const;

/** Where what Meta's window says it was left belongs; each has a sentence of what to do. */
const leftAt: Record<string, string> = {
  LOGIN: 'admin',
  BUSINESS_ACCOUNT_SELECTION: 'admin',
  PHONE_NUMBER_SETUP: 'number',
  PHONE_NUMBER_VERIFICATION: 'code',
};

/** Connecting a number, step by step. */
export function ConnectPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [ready, setReady] = useState<string[]>([]);
  const signup = useQuery({
    queryKey: ['signup'],
    queryFn: ({ signal }) => connections.signup(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const add = (ids: string[]) => {
    setReady([...new Set([...ready, ...ids])]);
    void refreshChannels(queryClient);
  };
  return (
    <>
      <header className={settings.head}>
        <div>
          <Link to="/settings/channels">{t('channels.title')}</Link>
          <h1>{t('channels.connect.title')}</h1>
          <p>{t('channels.connect.lead')}</p>
        </div>
      </header>
      {signup.error && (
        <ErrorState
          title={t('channels.failed')}
          text={errorText(t, signup.error)}
          onRetry={() => void signup.refetch()}
        />
      )}
      {signup.isPending && <Bone width="60%" height={120} />}
      {signup.data && (
        <div className={styles.steps}>
          {ready.length > 0 && <ReadyNumbers ids={ready} />}
          <section className={styles.step} aria-labelledby="before">
            <h2 id="before">{t('channels.connect.before')}</h2>
            <ul className={styles.checklist}>
              {checklist.map((item) => (
                <li key={item}>
                  <Icon name="dot" size={16} />
                  <span>
                    {t(`channels.checklist.${item}`)}
                    <small>{t(`channels.checklistHow.${item}`, { defaultValue: '' })}</small>
                  </span>
                </li>
              ))}
            </ul>
          </section>
          <Embedded signup={signup.data} onReady={add} />
          <ManualForm onReady={add} />
        </div>
      )}
    </>
  );
}

/** The notice, the terms, and the button that opens Meta's window. */
function Embedded({ signup, onReady }: { signup: Signup; onReady: (ids: string[]) => void }) {
  const { t } = useTranslation();
  const [understood, setUnderstood] = useState(false);
  const [stays, setStays] = useState(false);
  const [left, setLeft] = useState<{ at: string; message: string | null } | null>(null);
  const go = useMutation({
    mutationFn: async () => {
      setLeft(null);
      const sdk = await loadSdk(signup);
      const { state } = await connections.begin(signup.termsVersion);
      const came = await signUp(sdk, signup, stays);
      if (came?.event === 'finished' && came.code !== null)
        return (
          await connections.finish({
            state,
            code: came.code,
            wabaId: came.wabaId,
            phoneNumberId: came.phoneNumberId,
          })
        ).channelIds;
      setLeft({
        at: (came?.event === 'cancelled' && leftAt[came.step ?? '']) || 'closed',
        message: came?.event === 'cancelled' ? came.message : null,
      });
      return [];
    },
    onSuccess: onReady,
  });
  return (
    <section className={styles.step} aria-labelledby="signup">
      <h2 id="signup">{t('channels.connect.signup')}</h2>
      {signup.mode === 'sandbox' && <p>{t('channels.connect.sandbox')}</p>}
      <Check
        label={t('channels.connect.stays')}
        hint={t('channels.connect.staysHint')}
        checked={stays}
        data-testid="connect-stays"
        onChange={(event) => {
          setStays(event.target.checked);
          // What is to be understood is another thing then.
          setUnderstood(false);
        }}
      />
      <Check
        label={t(stays ? 'channels.connect.noticeStays' : 'channels.connect.notice')}
        hint={t(stays ? 'channels.connect.noticeStaysHint' : 'channels.connect.noticeHint')}
        checked={understood}
        data-testid="connect-notice"
        onChange={(event) => setUnderstood(event.target.checked)}
      />
      <p>
        {t('channels.connect.terms')}{' '}
        <a href="https://www.whatsapp.com/legal/business-terms" target="_blank" rel="noreferrer">
          {t('channels.connect.termsLink')}
        </a>
      </p>
      {!signup.available && <Problem>{t('errors.no_meta_app')}</Problem>}
      {go.error && (
        <Problem>
          {go.error instanceof ProblemError ? refusal(t, go.error) : t('channels.connect.noSdk')}
        </Problem>
      )}
      {left && (
        <Problem>
          <span data-testid="connect-left">
            {left.message && <q>{left.message}</q>} {t(`channels.left.${left.at}`)}
          </span>
        </Problem>
      )}
      <div className={settings.actions}>
        <Button
          look="primary"
          disabled={!understood || !signup.available || go.isPending}
          data-testid="continue-with-whatsapp"
          onClick={() => go.mutate()}
        >
          {t(go.isPending ? 'channels.connect.open' : 'channels.connect.continue')}
        </Button>
      </div>
    </section>
  );
}

/** A refusal that names the channel in the way leads to it. */
function refusal(t: ReturnType<typeof useTranslation>['t'], error: ProblemError) {
  const { code, channelId, channelName } = error.problem as typeof error.problem & {
    channelId?: string;
    channelName?: string;
  };
  if (code !== 'number_connected_here' || !channelId) return errorText(t, error);
  return (
    <>
      {t('channels.connectedHere', { name: channelName })}{' '}
      <Link to="/settings/channels/$channelId" params={{ channelId }}>
        {t('channels.connectedHereOpen')}
      </Link>
    </>
  );
}
