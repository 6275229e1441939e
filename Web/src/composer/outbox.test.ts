import { describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../api/problem';
import type { Accepted } from '../api/types';
import { aMessage } from '../test/samples';
import { createOutbox, newKey, type OutboxPort, retryDelay } from './outbox';

const answer: Accepted = { id: 'm1', status: 'queued', message: aMessage({ direction: 'outbound' }) };

function entry(text: string, key = text) {
  const body = { type: 'text', text: { body: text } } as const;
  return { key, threadId: 't1', body, text, previewUrl: null, createdAt: 0 };
}

/** A port whose sends end as the test says, one after the other. */
function portWith(...outcomes: (Accepted | Error)[]) {
  const port = {
    send: vi.fn<OutboxPort['send']>(async () => {
      const outcome = outcomes.shift() ?? answer;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    }),
    accepted: vi.fn<OutboxPort['accepted']>(),
    refused: vi.fn<OutboxPort['refused']>(),
    save: vi.fn<OutboxPort['save']>(),
    pause: vi.fn<OutboxPort['pause']>(async () => undefined),
  };
  return port;
}

describe('the outbox', () => {
  it('keeps the key through retries: what was accepted unheard is not sent twice', async () => {
    const port = portWith(new TypeError('network'), new ProblemError({ status: 503, code: 'unavailable' }));
    createOutbox(port).add(entry('hello', 'key-1'));
    await vi.waitFor(() => expect(port.accepted).toHaveBeenCalledOnce());
    expect(port.send.mock.calls.map(([, , key]) => key)).toEqual(['key-1', 'key-1', 'key-1']);
    expect(port.pause).toHaveBeenCalledTimes(2);
  });

  it('sends a thread in the order it was written, each after the other was taken', async () => {
    const port = portWith(new TypeError('network'));
    const outbox = createOutbox(port);
    outbox.add(entry('first'));
    outbox.add(entry('second'));
    await vi.waitFor(() => expect(port.accepted).toHaveBeenCalledTimes(2));
    expect(port.send.mock.calls.map(([, , key]) => key)).toEqual(['first', 'first', 'second']);
    expect(outbox.entries.get()).toEqual([]);
  });

  it('says so while it retries', async () => {
    const port = portWith(new TypeError('network'));
    let goOn = () => {};
    port.pause.mockReturnValueOnce(
      new Promise((resolve) => {
        goOn = resolve;
      }),
    );
    const outbox = createOutbox(port);
    outbox.add(entry('hello'));
    await vi.waitFor(() => expect(outbox.entries.get()[0]?.state).toBe('retrying'));
    goOn();
    await vi.waitFor(() => expect(outbox.entries.get()).toEqual([]));
  });

  it('hands a refused message back and goes on with the next', async () => {
    const closed = new ProblemError({ status: 409, code: 'session_closed' });
    const port = portWith(closed);
    const outbox = createOutbox(port);
    outbox.add(entry('too late'));
    outbox.add(entry('next'));
    await vi.waitFor(() => expect(port.accepted).toHaveBeenCalledOnce());
    expect(port.refused).toHaveBeenCalledWith(expect.objectContaining({ text: 'too late' }), closed);
  });

  it('waits for a new sign-in and then goes on under the same key', async () => {
    const port = portWith(new ProblemError({ status: 401, code: 'not_signed_in' }));
    const outbox = createOutbox(port);
    outbox.add(entry('hello', 'key-1'));
    await vi.waitFor(() => expect(outbox.entries.get()[0]?.state).toBe('signed-out'));
    outbox.resume();
    await vi.waitFor(() => expect(port.accepted).toHaveBeenCalledOnce());
    expect(port.send.mock.calls.map(([, , key]) => key)).toEqual(['key-1', 'key-1']);
  });

  it('goes on after a reload with what was saved', async () => {
    const port = portWith();
    const outbox = createOutbox(port, [{ ...entry('hello', 'key-1'), state: 'retrying' }]);
    outbox.resume();
    await vi.waitFor(() =>
      expect(port.send).toHaveBeenCalledWith('t1', expect.anything(), 'key-1', undefined),
    );
  });

  it('makes keys that the server takes, each once', () => {
    const keys = new Set(Array.from({ length: 100 }, newKey));
    expect(keys.size).toBe(100);
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{1,128}$/);
  });

  it('waits longer each time, as long as the server asks, and never for ever', () => {
    expect([1, 2, 3, 10].map((failures) => retryDelay(failures, null))).toEqual([1000, 2000, 4000, 15_000]);
    expect(retryDelay(1, 7)).toBe(7000);
  });
});
