import { answer, client } from './client';
import { ProblemError } from './problem';
import type { Quota } from './types';

/** Usage, prices and the quota's settings (docs/api.md, "Usage and prices"). */
export type UsageBy = 'day' | 'number' | 'template' | 'agent';

export const usageWays: UsageBy[] = ['day', 'number', 'template', 'agent'];

export interface UsageCategory {
  category: string;
  sent: number;
  delivered: number;
  charged: number;
  cost: string | null;
}

export interface UsageLine {
  key: string | null;
  name: string | null;
  sent: number;
  delivered: number;
  failed: number;
  conversations: number;
  charged: number;
  unpriced: number;
  cost: string | null;
  categories: UsageCategory[];
}

export interface Usage {
  from: string;
  to: string;
  timeZone: string;
  by: UsageBy;
  currency: string | null;
  items: UsageLine[];
  total: UsageLine;
}

export interface UsageAsked {
  from: string;
  to: string;
  by: UsageBy;
}

export interface Price {
  market: string;
  country: string;
  category: string;
  validFrom: string;
  price: string;
}

export interface Prices {
  currency: string | null;
  items: Price[];
}

export interface RateCardFault {
  row: number;
  code: string;
  detail: string;
}

export interface QuotaSettings {
  anniversaryDay?: number;
  limit?: number;
  unlimited?: boolean;
}

export const usage = {
  get: (asked: UsageAsked, signal?: AbortSignal) =>
    answer<Usage>(client.GET('/api/v1/usage', { params: { query: asked }, signal })),
  exportUrl: (asked: UsageAsked) => `/api/v1/usage/export?${new URLSearchParams({ ...asked })}`,
  prices: (signal?: AbortSignal) => answer<Prices>(client.GET('/api/v1/prices', { signal })),
  importPrices: (card: File, validFrom: string) =>
    answer<{ prices: number; currency: string }>(
      client.POST('/api/v1/prices', {
        params: { query: validFrom === '' ? {} : { validFrom } },
        body: card as never,
        bodySerializer: (file) => file,
        headers: { 'Content-Type': 'text/csv' },
      }),
    ),
  removePrices: () => answer<void>(client.DELETE('/api/v1/prices')),
  changeQuota: (settings: QuotaSettings) =>
    answer<Quota>(client.PUT('/api/v1/quota/settings', { body: settings as never })),
};

/** What is wrong with a rate card, row by row; nothing where it was refused for something else. */
export function faultsOf(error: unknown): RateCardFault[] {
  if (!(error instanceof ProblemError) || error.code !== 'rate_card_invalid') return [];
  return (error.problem as { faults?: RateCardFault[] }).faults ?? [];
}
