import type { Operations, Silo } from '../api/types';

export type Level = 'fine' | 'warn' | 'bad';

/** The figures at the top, with how bad they are; the thresholds are those of docs/operations.md. */
export function summarise({ apiHosts, backlog }: Operations) {
  const sum = (of: (host: Operations['apiHosts'][number]) => number) =>
    apiHosts.reduce((total, host) => total + of(host), 0);
  const tryAgain = sum((h) => h.webhooks.tryAgainPerSecond);
  const resyncs = sum((h) => h.feed.resyncsPerMinute);
  return {
    webhooks: {
      perSecond: sum((h) => h.webhooks.acknowledgedPerSecond),
      tryAgain,
      refused: sum((h) => h.webhooks.refusedPerSecond),
      level: level(tryAgain, 0, 1),
    },
    outbound: { level: level(backlog.outboundOldestSeconds, 30, 300) },
    leftovers: { level: level(backlog.leftovers, 0, 1_000) },
    alarms: { level: level(backlog.alarmLagSeconds, 180, 600) },
    feed: {
      browsers: sum((h) => h.feed.browsers),
      hints: sum((h) => h.feed.hintsPerSecond),
      resyncs,
      level: level(resyncs, 60, 600),
    },
  };
}

/** Whether a silo does what it should: one that ended is no alarm, it may have been told to. */
export function siloLevel(silo: Silo): Level {
  if (silo.state === 'dead') return 'fine';
  if (silo.state !== 'active') return 'warn';
  if (!silo.figures) return 'bad';
  const worst = silo.figures.writers.map((w) =>
    w.turnedAwayPerSecond > 0 ? 'bad' : level(w.commitP99 ?? 0, 250, 2_000),
  );
  return worst.includes('bad') ? 'bad' : worst.includes('warn') ? 'warn' : 'fine';
}

function level(value: number, warnAbove: number, badAbove: number): Level {
  return value > badAbove ? 'bad' : value > warnAbove ? 'warn' : 'fine';
}
