import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Usage, UsageLine } from '../api/usage';
import page from '../settings/SettingsPage.module.css';
import { dayInZone, number } from '../shared/dates';
import { money } from './money';
import styles from './Usage.module.css';

/** What was sent, a row a line with a bar; above it what each category comes to. On a phone a row becomes a card. */
export function UsageTable({ usage }: { usage: Usage }) {
  const { t } = useTranslation();
  const { items, total, by, currency } = usage;
  if (items.length === 0) return <p className={page.lead}>{t('usage.nothing')}</p>;
  const most = Math.max(1, ...items.map(({ sent }) => sent));
  const titles = {
    sent: t('usage.columns.sent'),
    delivered: t('usage.columns.delivered'),
    failed: t('usage.columns.failed'),
    conversations: t('usage.columns.conversations'),
    charged: t('usage.columns.charged'),
  };
  const columns = Object.keys(titles) as (keyof typeof titles)[];
  return (
    <div className={styles.usage}>
      <Categories total={total} currency={currency} />
      {currency === null && (
        <p className={page.lead} data-testid="usage-no-prices">
          {t('usage.noPrices')}
        </p>
      )}
      {currency !== null && total.unpriced > 0 && (
        <p className={page.lead}>{t('usage.unpriced', { count: total.unpriced })}</p>
      )}
      <div className={styles.scroll}>
        <table className={styles.table} data-testid="usage-table">
          <thead>
            <tr>
              <th scope="col">{t(`usage.ways.${by}`)}</th>
              {columns.map((column) => (
                <th key={column} scope="col" className={styles.number}>
                  {titles[column]}
                </th>
              ))}
              {currency && (
                <th scope="col" className={styles.number}>
                  {t('usage.columns.cost')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {items.map((line) => (
              <tr key={line.key ?? ''} data-testid="usage-line">
                <th scope="row">
                  {nameOf(t, line, by)}
                  <span className={styles.bar} aria-hidden="true">
                    <span style={{ transform: `scaleX(${line.sent / most})` }} />
                  </span>
                </th>
                <Numbers line={line} titles={titles} currency={currency} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('usage.total')}</th>
              <Numbers line={total} titles={titles} currency={currency} />
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  );
}

type Column = 'sent' | 'delivered' | 'failed' | 'conversations' | 'charged';

function Numbers({
  line,
  titles,
  currency,
}: {
  line: UsageLine;
  titles: Record<Column, string>;
  currency: string | null;
}) {
  const { t } = useTranslation();
  return (
    <>
      {(Object.keys(titles) as Column[]).map((column) => (
        <td key={column} className={styles.number} data-title={titles[column]}>
          {number(line[column])}
        </td>
      ))}
      {currency && (
        <td className={styles.number} data-title={t('usage.columns.cost')}>
          {line.cost === null ? '' : money(line.cost, currency)}
        </td>
      )}
    </>
  );
}

function Categories({ total, currency }: { total: UsageLine; currency: string | null }) {
  const { t } = useTranslation();
  return (
    <dl className={styles.categories} data-testid="usage-categories">
      {total.categories.map(({ category, delivered, charged, cost }) => (
        <div key={category}>
          <dt>{t(`usage.category.${category}`, { defaultValue: category })}</dt>
          <dd>
            <b>{number(delivered)}</b>
            <span>{t('usage.ofThem', { charged: number(charged) })}</span>
            {currency && cost !== null && <span>{money(cost, currency)}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function nameOf(t: TFunction, { key, name }: UsageLine, by: Usage['by']): string {
  if (key === null) return t(by === 'template' ? 'usage.noTemplate' : 'usage.nobody');
  if (by === 'day') return dayInZone(key);
  if (by === 'template') return key.replace(/\/(?=[^/]*$)/, ' · ');
  return name ?? t('usage.gone');
}
