import { currentLanguage } from '../i18n';

/**
 * A sum as people write it. It comes as decimal digits and stays so: no arithmetic is done here, and a format takes a string without
 * rounding it through a float.
 */
export function money(amount: string, currency: string): string {
  return new Intl.NumberFormat(currentLanguage(), {
    style: 'currency',
    currency,
    maximumFractionDigits: 4,
  }).format(amount as Intl.StringNumericLiteral);
}
