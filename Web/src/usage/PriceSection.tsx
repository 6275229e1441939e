import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultsOf, type Prices, usage } from '../api/usage';
import page from '../settings/SettingsPage.module.css';
import { dayInZone, number } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { toast } from '../shared/ui/Toast';
import { money } from './money';
import { usageKeys, usePrices } from './queries';
import styles from './Usage.module.css';

/** The account's rate card. Prices are Meta's: an admin imports them, nobody makes them up. */
export function PriceSection({ mayChange }: { mayChange: boolean }) {
  const { t } = useTranslation();
  const prices = usePrices();
  return (
    <section className={page.section} aria-labelledby="prices">
      <div className={page.head}>
        <div>
          <h2 id="prices">{t('prices.title')}</h2>
          <p>{t('prices.lead')}</p>
        </div>
        {mayChange && prices.data && prices.data.items.length > 0 && <Remove />}
      </div>
      {prices.error && <Problem>{errorText(t, prices.error)}</Problem>}
      {prices.data?.items.length === 0 && (
        <p className={page.lead} data-testid="prices-none">
          {t('usage.noPrices')}
        </p>
      )}
      {mayChange && <Import />}
      {prices.data?.currency && <Card prices={prices.data} currency={prices.data.currency} />}
    </section>
  );
}

function usePricesChange<T>(change: (input: T) => Promise<unknown>, done: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      done();
      await queryClient.invalidateQueries({ queryKey: usageKeys.prices });
      await queryClient.invalidateQueries({ queryKey: usageKeys.root });
    },
  });
}

function Import() {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [validFrom, setValidFrom] = useState('');
  const importing = usePricesChange(
    (card: File) => usage.importPrices(card, validFrom),
    () => toast(t('prices.imported')),
  );
  const faults = faultsOf(importing.error);
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (file) importing.mutate(file);
      }}
    >
      <Field
        label={t('prices.file')}
        hint={t('prices.fileHint')}
        type="file"
        accept=".csv,text/csv"
        required
        data-testid="prices-file"
        onChange={(event) => {
          setFile(event.target.files?.[0] ?? null);
          importing.reset();
        }}
      />
      <Field
        label={t('prices.validFrom')}
        hint={t('prices.validFromHint')}
        type="date"
        value={validFrom}
        data-testid="prices-valid-from"
        onChange={(event) => setValidFrom(event.target.value)}
      />
      {importing.error && <Problem>{errorText(t, importing.error)}</Problem>}
      {faults.length > 0 && (
        <ul className={styles.faults} data-testid="prices-faults">
          {faults.map(({ row, code, detail }) => (
            <li key={`${row} ${code} ${detail}`}>
              {t('prices.row', { row: number(row) })}{' '}
              {t(`prices.faults.${code}`, { detail, defaultValue: code })}
            </li>
          ))}
        </ul>
      )}
      <div className={page.actions}>
        <Button type="submit" disabled={!file || importing.isPending} data-testid="prices-import">
          {t('prices.import')}
        </Button>
      </div>
    </form>
  );
}

function Remove() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const removing = usePricesChange(
    () => usage.removePrices(),
    () => {
      setAsked(false);
      toast(t('prices.removed'));
    },
  );
  return (
    <>
      <Button onClick={() => setAsked(true)}>{t('prices.remove')}</Button>
      {asked && (
        <Dialog title={t('prices.removeTitle')} lead={t('prices.removeText')} onClose={() => setAsked(false)}>
          {removing.error && <Problem>{errorText(t, removing.error)}</Problem>}
          <FormFoot>
            <Button onClick={() => setAsked(false)}>{t('settings.cancel')}</Button>
            <Button look="primary" disabled={removing.isPending} onClick={() => removing.mutate(undefined)}>
              {t('prices.remove')}
            </Button>
          </FormFoot>
        </Dialog>
      )}
    </>
  );
}

function Card({ prices, currency }: { prices: Prices; currency: string }) {
  const { t } = useTranslation();
  return (
    <details className={styles.card} data-testid="prices-card">
      <summary>{t('prices.card', { count: prices.items.length, currency })}</summary>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('prices.market')}</th>
              <th scope="col">{t('prices.country')}</th>
              <th scope="col">{t('prices.category')}</th>
              <th scope="col">{t('prices.from')}</th>
              <th scope="col" className={styles.number}>
                {t('prices.price')}
              </th>
            </tr>
          </thead>
          <tbody>
            {prices.items.map(({ market, country, category, validFrom, price }) => (
              <tr key={`${country} ${category} ${validFrom}`}>
                <th scope="row">{market}</th>
                <td data-title={t('prices.country')}>{country === '*' ? t('prices.elsewhere') : country}</td>
                <td data-title={t('prices.category')}>
                  {t(`usage.category.${category}`, { defaultValue: category })}
                </td>
                <td data-title={t('prices.from')}>{dayInZone(validFrom)}</td>
                <td className={styles.number} data-title={t('prices.price')}>
                  {money(price, currency)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
