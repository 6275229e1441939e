import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quota } from '../api/types';
import { usage } from '../api/usage';
import { useMe } from '../people/queries';
import { QuotaMeter } from '../quota/QuotaMeter';
import { quotaKeys, useQuota } from '../quota/queries';
import page from '../settings/SettingsPage.module.css';
import { shortDate } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Check, Field } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { toast } from '../shared/ui/Toast';
import styles from './Usage.module.css';

/** This month's conversations: how many are left, on which day they begin anew, and who says how many there are. */
export function QuotaSection() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const { data } = useQuota();
  return (
    <section className={page.section} aria-labelledby="usage-quota">
      <div className={page.head}>
        <div>
          <h2 id="usage-quota">{t('usage.quota')}</h2>
          <p>{t('usage.quotaHint')}</p>
        </div>
      </div>
      <div className={styles.meter}>
        <QuotaMeter />
      </div>
      {data && agent.role === 'admin' && (
        <Settings key={`${data.limit} ${data.anniversaryDay}`} quota={data} />
      )}
    </section>
  );
}

function Settings({ quota }: { quota: Quota }) {
  const { t } = useTranslation();
  const { account } = useMe();
  const queryClient = useQueryClient();
  const [day, setDay] = useState(String(quota.anniversaryDay));
  const [limit, setLimit] = useState(quota.limit === null ? '' : String(quota.limit));
  const [unlimited, setUnlimited] = useState(quota.limit === null);
  const save = useMutation({
    mutationFn: () =>
      usage.changeQuota({
        anniversaryDay: Number(day) === quota.anniversaryDay ? undefined : Number(day),
        ...(quota.mayChangeLimit && (unlimited ? { unlimited: true } : { limit: Number(limit) })),
      }),
    onSuccess: (saved) => {
      queryClient.setQueryData(quotaKeys.root, saved);
      toast(t('settings.saved'));
    },
  });
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field
        label={t('usage.day')}
        hint={t('usage.dayHint', { date: shortDate(quota.resetsAt, account.timeZone), zone: quota.timeZone })}
        type="number"
        min={1}
        max={31}
        required
        value={day}
        data-testid="quota-day"
        onChange={(event) => setDay(event.target.value)}
      />
      {quota.mayChangeLimit ? (
        <>
          <Check
            label={t('usage.unlimited')}
            hint={t('usage.unlimitedHint')}
            checked={unlimited}
            onChange={(event) => setUnlimited(event.target.checked)}
          />
          {!unlimited && (
            <Field
              label={t('usage.limit')}
              type="number"
              min={0}
              max={10_000_000}
              required
              value={limit}
              data-testid="quota-limit"
              onChange={(event) => setLimit(event.target.value)}
            />
          )}
        </>
      ) : (
        <p className={page.lead}>{t('usage.limitByOperator')}</p>
      )}
      {save.error && <Problem>{errorText(t, save.error)}</Problem>}
      <div className={page.actions}>
        <Button type="submit" disabled={save.isPending} data-testid="quota-save">
          {t('settings.save')}
        </Button>
      </div>
    </form>
  );
}
