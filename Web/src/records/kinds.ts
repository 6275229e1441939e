import type { TFunction } from 'i18next';
import { type Company, companies, type Deal, deals, type RecordChange } from '../api/records';
import { currentLanguage } from '../i18n';
import { shortDate } from '../shared/dates';
import type { IconName } from '../shared/ui/Icon';

export type AnyRecord = Company | Deal;

/** One property of a company or a deal. */
export interface RecordField {
  key: 'name' | 'domain' | 'phone' | 'city' | 'note' | 'amount' | 'currency' | 'stage' | 'closeDate';
  longest: number;
  multiline?: boolean;
}

/** What tells companies and deals apart on screen. */
export interface Kind {
  id: 'companies' | 'deals';
  icon: IconName;
  /** Keys of the catalogue. */
  words: { title: string; create: string; find: string; none: string; noneText: string; link: string };
  fields: RecordField[];
  api: typeof companies | typeof deals;
  /** What a row says beside the name. */
  note: (t: TFunction, record: AnyRecord) => string;
}

export const companyKind: Kind = {
  id: 'companies',
  icon: 'people',
  words: {
    title: 'record.companies',
    create: 'record.newCompany',
    find: 'record.findCompanies',
    none: 'record.noCompanies',
    noneText: 'record.noCompaniesText',
    link: 'record.linkCompany',
  },
  fields: [
    { key: 'name', longest: 200 },
    { key: 'domain', longest: 200 },
    { key: 'phone', longest: 40 },
    { key: 'city', longest: 100 },
    { key: 'note', longest: 10_000, multiline: true },
  ],
  api: companies,
  note: (_t, record) => {
    const { domain, city } = record as Company;
    return [domain, city].filter(Boolean).join(' · ');
  },
};

export const dealKind: Kind = {
  id: 'deals',
  icon: 'flag',
  words: {
    title: 'record.deals',
    create: 'record.newDeal',
    find: 'record.findDeals',
    none: 'record.noDeals',
    noneText: 'record.noDealsText',
    link: 'record.linkDeal',
  },
  fields: [
    { key: 'name', longest: 200 },
    { key: 'amount', longest: 20 },
    { key: 'currency', longest: 3 },
    { key: 'stage', longest: 20 },
    { key: 'closeDate', longest: 10 },
    { key: 'note', longest: 10_000, multiline: true },
  ],
  api: deals,
  note: (t, record) => {
    const deal = record as Deal;
    return [
      moneyText(deal),
      t(`record.stages.${deal.stage}`),
      deal.closeDate && shortDate(`${deal.closeDate}T00:00`),
    ]
      .filter(Boolean)
      .join(' · ');
  },
};

/** An amount as the reader writes it; null where there is none. */
export function moneyText({ amount, currency }: Pick<Deal, 'amount' | 'currency'>): string | null {
  if (amount === null || currency === null) return null;
  return new Intl.NumberFormat(currentLanguage(), { style: 'currency', currency }).format(amount);
}

/** What was typed, as the API takes it. */
export function changeOf(field: RecordField['key'], typed: string | null): RecordChange {
  if (field === 'amount') {
    // Full width is what an input method leaves behind.
    const plain = typed?.normalize('NFKC').replace(/[,\s]/g, '');
    return { amount: plain ? Number(plain) : null };
  }
  if (field === 'currency') return { currency: typed?.normalize('NFKC').toUpperCase() ?? null };
  return { [field]: typed };
}
