import { describe, expect, it } from 'vitest';
import { isPeriod, periodOf, todayIn } from './period';

describe('periods of usage', () => {
  it('go by the account’s day', () => {
    const now = Date.parse('2026-02-28T16:30:00Z');
    expect(todayIn('Asia/Tokyo', now)).toBe('2026-03-01');
    expect(todayIn('America/Sao_Paulo', now)).toBe('2026-02-28');
  });

  it('have names', () => {
    expect(periodOf('month', '2026-03-10')).toEqual({ from: '2026-03-01', to: '2026-03-10' });
    expect(periodOf('lastMonth', '2026-03-10')).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(periodOf('lastMonth', '2026-01-31')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
    expect(periodOf('week', '2026-03-03')).toEqual({ from: '2026-02-25', to: '2026-03-03' });
    expect(periodOf('days30', '2026-03-10')).toEqual({ from: '2026-02-09', to: '2026-03-10' });
  });

  it('are days in order, and not too many', () => {
    expect(isPeriod({ from: '2026-03-01', to: '2026-03-01' })).toBe(true);
    expect(isPeriod({ from: '2026-03-02', to: '2026-03-01' })).toBe(false);
    expect(isPeriod({ from: '2026-01-01', to: '2026-04-02' })).toBe(true);
    expect(isPeriod({ from: '2026-01-01', to: '2026-04-03' })).toBe(false);
    expect(isPeriod({ from: '', to: '2026-04-03' })).toBe(false);
  });
});
