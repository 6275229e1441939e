import { useTranslation } from 'react-i18next';
import { useMe } from '../people/queries';
import { number, shortDate } from '../shared/dates';
import { Tooltip } from '../shared/ui/Tooltip';
import { quotaView } from './meter';
import styles from './QuotaMeter.module.css';
import { useQuota } from './queries';

/** The month's conversations: always in sight, amber at 80 %, red at 95 %, a sentence when used up. */
export function QuotaMeter() {
  const { t } = useTranslation();
  const { account } = useMe();
  const { data } = useQuota();
  if (!data) return null;

  const { taken, share, level } = quotaView(data);
  const date = shortDate(data.resetsAt, account.timeZone);
  const used = number(taken);
  const limit = data.limit === null ? '' : number(data.limit);
  const hint = { fine: 'quota.resets', warn: 'quota.near', bad: 'quota.near', exhausted: 'quota.exhausted' }[
    level
  ];
  return (
    <div className={`${styles.quota} ${styles[level]}`} data-testid="quota-meter" data-level={level}>
      <div className={styles.line}>
        <span>{t('quota.title')}</span>
        <Tooltip text={t('quota.reserved', { used: number(data.used), reserved: number(data.reserved) })}>
          <b>{data.limit === null ? t('quota.unlimited', { used }) : t('quota.of', { used, limit })}</b>
        </Tooltip>
      </div>
      {data.limit !== null && (
        <div
          className={styles.track}
          role="meter"
          aria-label={t('quota.label', { used, limit })}
          aria-valuemin={0}
          aria-valuemax={data.limit}
          aria-valuenow={taken}
        >
          <span style={{ transform: `scaleX(${share})` }} />
        </div>
      )}
      <span className={styles.hint}>{t(hint, { date })}</span>
    </div>
  );
}
