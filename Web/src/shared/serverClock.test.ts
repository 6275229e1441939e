import { describe, expect, it } from 'vitest';
import { createServerClock } from './serverClock';

function clockAt(monotonic: { now: number }, wall = 0) {
  return createServerClock(
    () => monotonic.now,
    () => wall,
  );
}

describe('the server clock', () => {
  it('does not trust the PC: an hour wrong there changes nothing', () => {
    const monotonic = { now: 1000 };
    const clock = clockAt(monotonic, 3_600_000);
    clock.observeAnswer(50_000, 900, 1100, 0);
    monotonic.now = 2000;
    expect(clock.now()).toBe(51_000);
  });

  it('prefers the finer reading', () => {
    const monotonic = { now: 0 };
    const clock = clockAt(monotonic);
    clock.observeAnswer(10_000, -5, 5, 0);
    // The Date header has full seconds only.
    clock.observeAnswer(9_000, -5, 5, 1000);
    expect(clock.now()).toBe(10_000);
  });

  it('gives in to a reading that contradicts it, as after sleep', () => {
    const monotonic = { now: 0 };
    const clock = clockAt(monotonic);
    clock.observeAnswer(10_000, -5, 5, 0);
    clock.observeAnswer(90_000, -5, 5, 1000);
    expect(clock.now()).toBe(90_500);
  });

  it('is not set back by a push that was delayed on its way', () => {
    const monotonic = { now: 0 };
    const clock = clockAt(monotonic);
    clock.observeAnswer(10_000, -5, 5, 0);
    clock.observePush(2_000);
    expect(clock.now()).toBe(10_000);
    clock.observePush(70_000);
    expect(clock.now()).toBe(70_000);
  });
});
