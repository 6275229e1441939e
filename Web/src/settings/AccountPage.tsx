import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccountSettings, account } from '../api/people';
import type { Language } from '../api/types';
import { currentLanguage, languages } from '../i18n';
import { peopleKeys } from '../people/queries';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Check, Field, SelectField } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { Bone, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import styles from './SettingsPage.module.css';

const key = ['account'];

/** Name, zone, country, language, and what signing in needs. */
export function AccountPage() {
  const { t } = useTranslation();
  const settings = useQuery({ queryKey: key, queryFn: ({ signal }) => account.get(signal) });
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('settings.account.title')}</h1>
          <p>{t('settings.account.lead')}</p>
        </div>
      </header>
      {settings.isPending && <Bone width="50%" />}
      {settings.error && (
        <ErrorState
          title={t('settings.account.failed')}
          text={errorText(t, settings.error)}
          onRetry={() => void settings.refetch()}
        />
      )}
      {settings.data && <Form settings={settings.data} />}
    </>
  );
}

function Form({ settings }: { settings: AccountSettings }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(settings);
  const save = useMutation({
    mutationFn: () => account.change(draft),
    onSuccess: (saved) => {
      queryClient.setQueryData(key, saved);
      void queryClient.invalidateQueries({ queryKey: peopleKeys.me });
      toast(t('settings.saved'));
    },
  });
  const countries = new Intl.DisplayNames([currentLanguage()], { type: 'region' });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field
        label={t('settings.account.name')}
        value={draft.name}
        required
        maxLength={100}
        data-testid="account-name"
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
      />
      <SelectField
        label={t('settings.account.timeZone')}
        hint={t('settings.account.timeZoneHint')}
        value={draft.timeZone}
        onChange={(event) => setDraft({ ...draft, timeZone: event.target.value })}
      >
        {withOwn(Intl.supportedValuesOf('timeZone'), draft.timeZone).map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </SelectField>
      <SelectField
        label={t('settings.account.country')}
        hint={t('settings.account.countryHint')}
        value={draft.country}
        onChange={(event) => setDraft({ ...draft, country: event.target.value })}
      >
        {withOwn(
          [
            'JP',
            'BR',
            'US',
            'GB',
            'DE',
            'FR',
            'ES',
            'PT',
            'IN',
            'ID',
            'MX',
            'AR',
            'SG',
            'TW',
            'KR',
            'TH',
            'VN',
            'PH',
            'AU',
            'CA',
          ],
          draft.country,
        ).map((code) => (
          <option key={code} value={code}>
            {countries.of(code)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('settings.account.language')}
        hint={t('settings.account.languageHint')}
        value={draft.language}
        onChange={(event) => setDraft({ ...draft, language: event.target.value as Language })}
      >
        {languages.map(({ code, name }) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <Check
        label={t('settings.account.secondFactor')}
        hint={t('settings.account.secondFactorHint')}
        checked={draft.secondFactorRequired}
        data-testid="account-second-factor"
        onChange={(event) => setDraft({ ...draft, secondFactorRequired: event.target.checked })}
      />
      <Field
        label={t('settings.account.reopenDays')}
        hint={t('settings.account.reopenDaysHint')}
        type="number"
        min={0}
        max={90}
        required
        value={draft.reopenDays}
        data-testid="account-reopen-days"
        onChange={(event) => setDraft({ ...draft, reopenDays: Number(event.target.value) })}
      />
      <Check
        label={t('settings.account.agentNameFirst')}
        hint={t('settings.account.agentNameFirstHint')}
        checked={draft.agentNameFirst}
        data-testid="account-agent-name"
        onChange={(event) => setDraft({ ...draft, agentNameFirst: event.target.checked })}
      />
      <Check
        label={t('settings.account.readMarks')}
        hint={t('settings.account.readMarksHint')}
        checked={draft.readMarks}
        data-testid="account-read-marks"
        onChange={(event) => setDraft({ ...draft, readMarks: event.target.checked })}
      />
      <Check
        label={t('settings.account.typingSigns')}
        hint={t('settings.account.typingSignsHint')}
        checked={draft.typingSigns}
        data-testid="account-typing-signs"
        onChange={(event) => setDraft({ ...draft, typingSigns: event.target.checked })}
      />
      <Check
        label={t('settings.account.purgeDeleted')}
        hint={t('settings.account.purgeDeletedHint')}
        checked={draft.purgeDeleted}
        data-testid="account-purge-deleted"
        onChange={(event) => setDraft({ ...draft, purgeDeleted: event.target.checked })}
      />
      <SelectField
        label={t('settings.account.sendDelay')}
        hint={t('settings.account.sendDelayHint')}
        value={draft.sendDelay}
        data-testid="account-send-delay"
        onChange={(event) => setDraft({ ...draft, sendDelay: Number(event.target.value) })}
      >
        {[0, 5, 10].map((seconds) => (
          <option key={seconds} value={seconds}>
            {t(seconds === 0 ? 'settings.account.atOnce' : 'settings.account.seconds', { count: seconds })}
          </option>
        ))}
      </SelectField>
      {save.error && <Problem>{errorText(t, save.error)}</Problem>}
      <div className={styles.actions}>
        <Button look="primary" type="submit" disabled={save.isPending} data-testid="account-save">
          {t('settings.save')}
        </Button>
      </div>
    </form>
  );
}

/** What is set now can be chosen, even where this browser does not know it. */
function withOwn(known: string[], own: string): string[] {
  return known.includes(own) ? known : [own, ...known];
}
