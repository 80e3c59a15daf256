import { describe, expect, test } from 'vitest';
import { Flights } from '../../src/client/flights.ts';

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers() {
  let resolve!: (answer: string) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<string>((answer, refuse) => {
    resolve = answer;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

/** A question that is answered when the test says so, and its signal. */
function question() {
  const { promise, resolve, reject } = withResolvers();
  const signals: AbortSignal[] = [];
  const ask = (signal: AbortSignal): Promise<string> => {
    signals.push(signal);
    return promise;
  };
  return { ask, signals, resolve, reject };
}

describe('a question that several ask', () => {
  test('is asked once, and answered to each', async () => {
    const flights = new Flights<string>();
    const { ask, signals, resolve } = question();
    const both = [flights.share('key', ask, undefined), flights.share('key', ask, undefined)];
    resolve('token');
    expect(await Promise.all(both)).toEqual(['token', 'token']);
    expect(signals).toHaveLength(1);
  });

  test('is aborted when no caller waits for its answer any more', async () => {
    const flights = new Flights<string>();
    const { ask, signals } = question();
    const [first, second] = [new AbortController(), new AbortController()];
    const both = [flights.share('key', ask, first.signal), flights.share('key', ask, second.signal)];
    first.abort(new Error('the first left'));
    await expect(both[0]).rejects.toThrow('the first left');
    expect(signals[0]?.aborted).toBe(false);
    second.abort(new Error('the second left'));
    await expect(both[1]).rejects.toThrow('the second left');
    expect(signals[0]?.aborted).toBe(true);
  });

  test.each(['answered', 'refused'] as const)('is left alone once it was %s', async (end) => {
    const flights = new Flights<string>();
    const { ask, signals, resolve, reject } = question();
    const asked = flights.share('key', ask, undefined);
    if (end === 'answered') resolve('token');
    else reject(new Error('refused'));
    await asked.catch(() => undefined);
    expect(signals[0]?.aborted).toBe(false);
  });
});
