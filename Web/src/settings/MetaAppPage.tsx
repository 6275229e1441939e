import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type MetaApp, type MetaAppChange, metaApp } from '../api/metaApp';
import channel from '../channels/Channels.module.css';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { Bone, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { MetaAppCheck } from './MetaAppCheck';
import styles from './SettingsPage.module.css';

const key = ['meta-app'];

/** For operators: the Meta app that this deployment talks to Meta with, and whether everything about it works. */
export function MetaAppPage() {
  const { t } = useTranslation();
  const app = useQuery({ queryKey: key, queryFn: ({ signal }) => metaApp.get(signal) });
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('metaApp.title')}</h1>
          <p>{t('metaApp.lead')}</p>
        </div>
      </header>
      {app.isPending && <Bone width="50%" />}
      {app.error && !app.data && (
        <ErrorState
          title={t('metaApp.failed')}
          text={errorText(t, app.error)}
          onRetry={() => void app.refetch()}
        />
      )}
      {app.data && (
        <>
          <Configured app={app.data} />
          <AppForm key={JSON.stringify(app.data)} app={app.data} />
          <MetaAppCheck />
        </>
      )}
    </>
  );
}

/** What every process reads at its start: it is changed on the server. */
function Configured({ app }: { app: MetaApp }) {
  const { t } = useTranslation();
  const facts = [
    ['counterpart', t(`metaApp.mode.${app.mode}`)],
    ['graphVersion', app.graphVersion],
    ['address', app.address ?? t('metaApp.notSet')],
    ['webhookUrl', app.webhookUrl],
  ] as const;
  return (
    <section className={styles.section} aria-labelledby="configured">
      <div className={styles.head}>
        <div>
          <h2 id="configured">{t('metaApp.configured')}</h2>
          <p>{t('metaApp.configuredHint')}</p>
        </div>
      </div>
      <dl className={channel.facts} data-testid="meta-app-facts">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{t(`metaApp.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

/** What is kept in the database. Secrets go in and never come out: an empty field leaves them. */
function AppForm({ app }: { app: MetaApp }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState({
    appId: app.appId ?? '',
    configurationId: app.configurationId ?? '',
    appSecret: '',
    verifyToken: '',
  });
  const save = useMutation({
    mutationFn: () => {
      const change: MetaAppChange = {
        appId: draft.appId.trim(),
        configurationId: draft.configurationId.trim(),
      };
      if (draft.appSecret) change.appSecret = draft.appSecret;
      if (draft.verifyToken) change.verifyToken = draft.verifyToken;
      return metaApp.change(change);
    },
    onSuccess: () => {
      toast(t('settings.saved'));
      return queryClient.invalidateQueries({ queryKey: key });
    },
  });
  const field = (name: keyof typeof draft) => ({
    label: t(`metaApp.${name}`),
    value: draft[name],
    autoComplete: 'off',
    'data-testid': `meta-app-${name}`,
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  });
  const secretHint = (isSet: boolean) => t(isSet ? 'metaApp.secretSet' : 'metaApp.secretNotSet');
  return (
    <section className={styles.section} aria-labelledby="app">
      <div className={styles.head}>
        <div>
          <h2 id="app">{t('metaApp.app')}</h2>
          <p>{t('metaApp.appHint')}</p>
        </div>
      </div>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Field {...field('appId')} inputMode="numeric" pattern="[0-9]{1,32}" required />
        <Field
          {...field('configurationId')}
          hint={t('metaApp.configurationHint')}
          inputMode="numeric"
          pattern="[0-9]{1,32}"
        />
        <Field
          {...field('appSecret')}
          hint={secretHint(app.appSecretSet)}
          type="password"
          autoComplete="new-password"
          required={!app.appSecretSet}
        />
        <Field
          {...field('verifyToken')}
          hint={secretHint(app.verifyTokenSet)}
          type="password"
          autoComplete="new-password"
          required={!app.verifyTokenSet}
        />
        {save.error && <Problem>{errorText(t, save.error)}</Problem>}
        <div>
          <Button look="primary" type="submit" disabled={save.isPending} data-testid="meta-app-save">
            {t('settings.save')}
          </Button>
        </div>
      </form>
    </section>
  );
}
