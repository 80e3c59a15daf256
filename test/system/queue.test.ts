import { describe, expect, it } from 'vitest';
import { Queue } from '../../src/system/queue.ts';

describe('a queue', () => {
  it('starts a job when the one before it has finished', async () => {
    const queue = new Queue();
    const steps: string[] = [];
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const one = queue.run(async () => {
      steps.push('one starts');
      await held;
      steps.push('one ends');
      return 1;
    });
    const two = queue.run(() => {
      steps.push('two');
      return 2;
    });
    await Promise.resolve();
    expect(steps).toEqual(['one starts']);
    finish();
    await expect(Promise.all([one, two])).resolves.toEqual([1, 2]);
    expect(steps).toEqual(['one starts', 'one ends', 'two']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])('goes on after a job that %s, which only its own caller learns', async (_how, job) => {
    const queue = new Queue();
    const failed = queue.run(job);
    const next = queue.run(() => 'next');
    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBe('next');
    await expect(queue.idle()).resolves.toBeUndefined();
  });

  it('is idle when the jobs given so far have finished', async () => {
    const queue = new Queue();
    const seen: string[] = [];
    void queue.run(() => Promise.resolve().then(() => seen.push('job')));
    await queue.idle();
    expect(seen).toEqual(['job']);
  });
});
