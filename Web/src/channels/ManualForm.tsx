import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { connections, type ManualChannel } from '../api/channels';
import { ProblemError } from '../api/problem';
import settings from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import styles from './Channels.module.css';

const fields = [
  'wabaId',
  'phoneNumberId',
  'accessToken',
  'appSecret',
] as const satisfies readonly (keyof ManualChannel)[];

/** Which field a refusal is about. */
const wrong: Record<string, keyof ManualChannel> = {
  waba_wrong: 'wabaId',
  phone_number_wrong: 'phoneNumberId',
  access_token_wrong: 'accessToken',
  app_secret_wrong: 'appSecret',
};

/** For those who have a Meta app of their own: each part is checked with Meta, and the one that is wrong is named. */
export function ManualForm({ onReady }: { onReady: (ids: string[]) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [given, setGiven] = useState<ManualChannel>({
    wabaId: '',
    phoneNumberId: '',
    accessToken: '',
    appSecret: '',
  });
  const add = useMutation({
    mutationFn: () => connections.add(given),
    onSuccess: ({ channelIds }) => {
      setGiven({ wabaId: '', phoneNumberId: '', accessToken: '', appSecret: '' });
      setOpen(false);
      onReady(channelIds);
    },
  });
  const code = add.error instanceof ProblemError ? add.error.code : '';
  return (
    <section className={styles.step} aria-labelledby="manual">
      <h2 id="manual">{t('channels.manual.title')}</h2>
      <p>{t('channels.manual.lead')}</p>
      {!open && (
        <div>
          <Button onClick={() => setOpen(true)} data-testid="manual-open">
            {t('channels.manual.open')}
          </Button>
        </div>
      )}
      {open && (
        <form
          className={settings.form}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          {fields.map((name) => (
            <Field
              key={name}
              label={t(`channels.manual.${name}`)}
              hint={t(`channels.manual.${name}Hint`)}
              problem={wrong[code] === name ? errorText(t, add.error) : null}
              value={given[name]}
              type={name === 'accessToken' || name === 'appSecret' ? 'password' : 'text'}
              inputMode={name === 'wabaId' || name === 'phoneNumberId' ? 'numeric' : undefined}
              autoComplete="off"
              required
              data-testid={`manual-${name}`}
              onChange={(event) => setGiven({ ...given, [name]: event.target.value })}
            />
          ))}
          {add.error && !wrong[code] && <Problem>{errorText(t, add.error)}</Problem>}
          <div className={settings.actions}>
            <Button look="primary" type="submit" disabled={add.isPending} data-testid="manual-add">
              {t(add.isPending ? 'channels.manual.checking' : 'channels.manual.add')}
            </Button>
            <Button onClick={() => setOpen(false)}>{t('settings.cancel')}</Button>
          </div>
        </form>
      )}
    </section>
  );
}
