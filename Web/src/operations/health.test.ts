import { describe, expect, it } from 'vitest';
import type { Operations, Silo } from '../api/types';
import { siloLevel, summarise } from './health';

const host = (acknowledged: number, tryAgain: number): Operations['apiHosts'][number] => ({
  name: 'a:1',
  startedAt: '2026-01-01T00:00:00Z',
  cpuPercent: 1,
  memoryBytes: 1,
  webhooks: {
    acknowledgedPerSecond: acknowledged,
    tryAgainPerSecond: tryAgain,
    refusedPerSecond: 0,
    p50: 1,
    p99: 2,
  },
  feed: { browsers: 2, hintsPerSecond: 1, resyncsPerMinute: 0 },
});

const backlog: Operations['backlog'] = {
  outbound: 0,
  outboundOldestSeconds: 0,
  leftovers: 0,
  unclaimedLeftovers: 0,
  overdueAlarms: 0,
  alarmLagSeconds: 0,
  reminders: 0,
  mediaJobs: 0,
};

const silo = (over: Partial<Silo>, commitP99 = 10, turnedAway = 0): Silo => ({
  address: '127.0.0.1:1',
  name: 's',
  state: 'active',
  startedAt: '2026-01-01T00:00:00Z',
  lastSeenAt: '2026-01-01T00:00:00Z',
  figures: {
    cpuPercent: 1,
    memoryBytes: 1,
    writers: [
      {
        name: 'threads',
        waiting: 0,
        perSecond: 1,
        batchP50: 1,
        batchP99: 1,
        commitP50: 1,
        commitP99,
        turnedAwayPerSecond: turnedAway,
      },
    ],
  },
  ...over,
});

describe('the figures at the top', () => {
  it('add up over all Api hosts', () => {
    const { webhooks, feed } = summarise({
      at: '',
      silos: [],
      apiHosts: [host(10, 0), host(5, 0.5)],
      backlog,
    });
    expect(webhooks).toMatchObject({ perSecond: 15, tryAgain: 0.5, level: 'warn' });
    expect(feed.browsers).toBe(4);
  });

  it('turn amber and red by the documented thresholds', () => {
    const at = (change: Partial<Operations['backlog']>) =>
      summarise({ at: '', silos: [], apiHosts: [], backlog: { ...backlog, ...change } });
    expect(at({ outboundOldestSeconds: 30 }).outbound.level).toBe('fine');
    expect(at({ outboundOldestSeconds: 31 }).outbound.level).toBe('warn');
    expect(at({ outboundOldestSeconds: 301 }).outbound.level).toBe('bad');
    expect(at({ leftovers: 1 }).leftovers.level).toBe('warn');
    expect(at({ alarmLagSeconds: 601 }).alarms.level).toBe('bad');
  });
});

describe('a silo', () => {
  it('is bad when it turns away or is silent, and no alarm when it has ended', () => {
    expect(siloLevel(silo({}))).toBe('fine');
    expect(siloLevel(silo({}, 300))).toBe('warn');
    expect(siloLevel(silo({}, 10, 1))).toBe('bad');
    expect(siloLevel(silo({ figures: null }))).toBe('bad');
    expect(siloLevel(silo({ state: 'joining' }))).toBe('warn');
    expect(siloLevel(silo({ state: 'dead', figures: null }))).toBe('fine');
  });
});
