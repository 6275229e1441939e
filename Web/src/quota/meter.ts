import type { Quota } from '../api/types';

export type QuotaLevel = 'fine' | 'warn' | 'bad' | 'exhausted';

export interface QuotaView {
  taken: number;
  /** 0 to 1 of the limit; 0 where there is none. */
  share: number;
  level: QuotaLevel;
}

/** Reserved conversations count as taken: they are promised to messages on their way. */
export function quotaView({ used, reserved, limit }: Quota): QuotaView {
  const taken = used + reserved;
  if (limit === null) return { taken, share: 0, level: 'fine' };
  const share = limit === 0 ? 1 : Math.min(1, taken / limit);
  const level = share >= 1 ? 'exhausted' : share >= 0.95 ? 'bad' : share >= 0.8 ? 'warn' : 'fine';
  return { taken, share, level };
}
