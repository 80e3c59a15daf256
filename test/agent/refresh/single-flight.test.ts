import { expect, test } from 'vitest';
import { SingleFlight } from '../../../src/agent/refresh/single-flight.ts';
import { byHand } from '../fixtures/fake-authority.ts';

test('who asks for the same at the same time shares one run; who asks for another does not', async () => {
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

test('whoever is told by the work that it has begun, and asks for the same, joins it', async () => {
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

test('a failed run is told to all who shared it, and the next one runs anew', async () => {
  const flights = new SingleFlight<string>();
  const failing = [1, 2].map(() => flights.run('a', () => Promise.reject(new Error('no'))));
  expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await flights.run('a', () => Promise.resolve('yes'))).toBe('yes');
});

test('after forget nobody joins the old run, and its end does not end the new one', async () => {
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
