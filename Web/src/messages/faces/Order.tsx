import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../../i18n';
import { number } from '../../shared/dates';
import { Icon } from '../../shared/ui/Icon';
import type { FaceProps } from '.';
import { Caption } from './Caption';
import styles from './Faces.module.css';

function money(value: number, currency: string | null): string {
  try {
    if (currency)
      return new Intl.NumberFormat(currentLanguage(), { style: 'currency', currency }).format(value);
  } catch {
    // Not a currency that anybody knows: the bare number and what was written.
  }
  return [number(value), currency].filter(Boolean).join(' ');
}

/** A cart that the customer sent: what of it, how much of it, and the sum where all of it has one currency. */
export function Order({ message }: FaceProps) {
  const { t } = useTranslation();
  const order = message.content?.order;
  const items = order?.items ?? [];
  const currency = items[0]?.currency ?? null;
  const priced = items.length > 0 && items.every((item) => item.price !== null && item.currency === currency);
  const sum = items.reduce((all, { price, quantity }) => all + (price ?? 0) * (quantity ?? 1), 0);
  return (
    <>
      <span className={styles.rich} data-testid="order">
        <Icon name="cart" size={20} />
        <span>
          <b>{t('message.orderOf', { count: items.length })}</b>
          <ul className={styles.items}>
            {items.map((item, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same product may stand there twice.
              <li key={index}>
                <span>
                  {item.quantity ?? 1} × <bdi>{item.productId}</bdi>
                </span>
                <span>{item.price === null ? '' : money(item.price, item.currency)}</span>
              </li>
            ))}
          </ul>
          {priced && <b>{t('message.orderTotal', { sum: money(sum, currency) })}</b>}
        </span>
      </span>
      <Caption text={order?.text ?? null} />
    </>
  );
}
