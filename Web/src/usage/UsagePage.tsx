import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type UsageAsked, type UsageBy, usage, usageWays } from '../api/usage';
import { useMe } from '../people/queries';
import page from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { serverClock } from '../shared/serverClock';
import { Field, SelectField } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { Bone, ErrorState } from '../shared/ui/States';
import { PriceSection } from './PriceSection';
import { isPeriod, MAX_DAYS, type PeriodName, periodOf, periods, todayIn } from './period';
import { QuotaSection } from './QuotaSection';
import { useUsage } from './queries';
import styles from './Usage.module.css';
import { UsageTable } from './UsageTable';

/** The month's conversations, what was sent by whom, and what it costs by the account's own rate card. */
export function UsagePage() {
  const { t } = useTranslation();
  const { account, agent } = useMe();
  const today = todayIn(account.timeZone, serverClock.now());
  const [name, setName] = useState<PeriodName>('month');
  const [own, setOwn] = useState(periodOf('month', today));
  const [by, setBy] = useState<UsageBy>('day');
  const asked: UsageAsked = { ...(name === 'own' ? own : periodOf(name, today)), by };
  const fits = isPeriod(asked);
  const found = useUsage(asked, fits);
  return (
    <>
      <header className={page.head}>
        <div>
          <h1>{t('usage.title')}</h1>
          <p>{t('usage.lead')}</p>
        </div>
      </header>
      <QuotaSection />
      <section className={page.section} aria-labelledby="usage-sent">
        <div className={page.head}>
          <div>
            <h2 id="usage-sent">{t('usage.sent')}</h2>
            <p>{t('usage.sentHint')}</p>
          </div>
          {fits && (
            <a href={usage.exportUrl(asked)} download data-testid="usage-export">
              {t('usage.download')}
            </a>
          )}
        </div>
        <div className={page.filters}>
          <SelectField
            label={t('usage.period')}
            value={name}
            data-testid="usage-period"
            onChange={(event) => setName(event.target.value as PeriodName)}
          >
            {periods.map((each) => (
              <option key={each} value={each}>
                {t(`usage.periods.${each}`)}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t('usage.by')}
            value={by}
            data-testid="usage-by"
            onChange={(event) => setBy(event.target.value as UsageBy)}
          >
            {usageWays.map((way) => (
              <option key={way} value={way}>
                {t(`usage.ways.${way}`)}
              </option>
            ))}
          </SelectField>
          {name === 'own' && (
            <>
              <Field
                label={t('usage.from')}
                type="date"
                value={own.from}
                max={today}
                onChange={(event) => setOwn({ ...own, from: event.target.value })}
              />
              <Field
                label={t('usage.to')}
                type="date"
                value={own.to}
                max={today}
                onChange={(event) => setOwn({ ...own, to: event.target.value })}
              />
            </>
          )}
        </div>
        {!fits && <Problem>{t('usage.badPeriod', { count: MAX_DAYS })}</Problem>}
        {found.isPending && fits && <Bone width="100%" height={160} />}
        {found.error && (
          <ErrorState
            title={t('usage.failed')}
            text={errorText(t, found.error)}
            onRetry={() => void found.refetch()}
          />
        )}
        {found.data && fits && (
          <div className={found.isPlaceholderData ? styles.waiting : undefined}>
            <UsageTable usage={found.data} />
          </div>
        )}
      </section>
      <PriceSection mayChange={agent.role === 'admin'} />
    </>
  );
}
