import { expect, test } from 'vitest';
import { SingleFlight } from '../../../src/agent/refresh/single-flight.ts';
import { byHand } from '../fixtures/fake-authority.ts';

test('calls with the same key share one run; calls with another key do not', async () => {
  const flights = new SingleFlight<string>();
  const ran: string[] = [];
  const work = (name: string) => () => {
    ran.push(name);
    return Promise.resolve(name);
  };
  const answers = await Promise.all([
    flights.run('a', work('a')),
    flights.run('a', work('a again')),
    flights.run('b', work('b')),
  ]);
  expect(answers).toEqual(['a', 'a', 'b']);
  await flights.run('a', work('a later'));
  expect(ran).toEqual(['a', 'b', 'a later']);
});

test('a call made from within the start of the work joins it', async () => {
  const flights = new SingleFlight<string>();
  let runs = 0;
  const run = (): Promise<string> =>
    flights.run('a', () => {
      runs += 1;
      if (runs < 5) void run();
      return Promise.resolve('done');
    });
  await run();
  expect(runs).toBe(1);
});

test('a failed run is reported to all callers, and the next call starts a new run', async () => {
  const flights = new SingleFlight<string>();
  const failing = [1, 2].map(() => flights.run('a', () => Promise.reject(new Error('no'))));
  expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await flights.run('a', () => Promise.resolve('yes'))).toBe('yes');
});

test('after forget the old run cannot be joined, and its end does not end the new one', async () => {
  const flights = new SingleFlight<string>();
  const old = byHand<string>();
  const young = byHand<string>();
  const first = flights.run('a', () => old.promise);
  flights.forget();
  const second = flights.run('a', () => young.promise);
  old.resolve('old');
  expect(await first).toBe('old');
  const third = flights.run('a', () => Promise.resolve('a third'));
  young.resolve('young');
  expect(await Promise.all([second, third])).toEqual(['young', 'young']);
});
