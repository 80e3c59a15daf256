import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DraftChecked } from '../../../../src/pages/bridge/contract.ts';
import { LiveCheck } from '../../../../src/pages/form/draft/live-check.ts';

const wrong: DraftChecked = {
  issues: [
    { field: 'clientId', sentence: 'A GUID is wanted.' },
    { field: 'authority', sentence: 'An address is wanted.' },
  ],
  warnings: ['It was taken as https.'],
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('checks once per word, not per letter, and shows nothing before the field is complete', async () => {
  const check = vi.fn(() => Promise.resolve(wrong));
  const live = new LiveCheck(check, () => undefined);
  for (let letter = 0; letter < 10; letter += 1) {
    live.changed('clientId', 'typing');
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(check).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(check).toHaveBeenCalledTimes(1);
  expect(live.issues.shown()).toEqual([]);
  expect(live.warnings).toEqual(wrong.warnings);
  await vi.advanceTimersByTimeAsync(1000);
  expect(live.issues.shown()).toEqual([wrong.issues[0]]);
});

test('a field shows its issues at once when the user leaves it, and all fields do after an attempt to save', async () => {
  const live = new LiveCheck(
    () => Promise.resolve(wrong),
    () => undefined,
  );
  live.changed('clientId', 'done');
  await vi.advanceTimersByTimeAsync(250);
  expect(live.issues.of('clientId')).toEqual(['A GUID is wanted.']);
  expect(live.issues.of('authority')).toEqual([]);
  live.issues.showAll();
  expect(live.issues.shown()).toEqual(wrong.issues);
  live.forget();
  live.issues.take(wrong.issues);
  expect(live.issues.shown()).toEqual([]);
});

test('a draft that was saved or discarded is not checked any more', async () => {
  const check = vi.fn(() => Promise.resolve(wrong));
  const live = new LiveCheck(check, () => undefined);
  live.changed('name', 'typing');
  live.forget();
  await vi.advanceTimersByTimeAsync(5000);
  expect(check).not.toHaveBeenCalled();
  expect(live.issues.shown()).toEqual([]);
});

test('a failed check is reported, and marks no field', async () => {
  const live = new LiveCheck(
    () => Promise.reject(new Error('Tokentray ends. Start it again.')),
    () => undefined,
  );
  live.changed('clientId', 'done');
  await vi.advanceTimersByTimeAsync(250);
  expect(live.warnings).toEqual(['Tokentray ends. Start it again.']);
  expect(live.issues.shown()).toEqual([]);
});

test('only the newest check counts: a late answer is dropped, and a missing answer blocks no later check', async () => {
  const answers: ((checked: DraftChecked) => void)[] = [];
  const live = new LiveCheck(
    () => new Promise((resolve) => answers.push(resolve)),
    () => undefined,
  );
  live.changed('clientId', 'done');
  await vi.advanceTimersByTimeAsync(250);
  live.changed('clientId', 'done');
  await vi.advanceTimersByTimeAsync(250);
  expect(answers).toHaveLength(2);
  answers[1]?.({ issues: [], warnings: ['The newer one.'] });
  answers[0]?.(wrong);
  await vi.advanceTimersByTimeAsync(0);
  expect(live.issues.shown()).toEqual([]);
  expect(live.warnings).toEqual(['The newer one.']);
});

test.each([
  ['saved or discarded', (live: LiveCheck) => live.forget(), []],
  ['refused by a save', (live: LiveCheck) => live.take([wrong.issues[1]!]), [wrong.issues[1]]],
] as const)('a running check is dropped when the draft is %s', async (_case, end, left) => {
  const answers: ((checked: DraftChecked) => void)[] = [];
  const live = new LiveCheck(
    () => new Promise((resolve) => answers.push(resolve)),
    () => undefined,
  );
  live.changed('clientId', 'done');
  await vi.advanceTimersByTimeAsync(250);
  // Another check is scheduled.
  live.changed('clientId', 'done');
  end(live);
  answers[0]?.(wrong);
  await vi.advanceTimersByTimeAsync(5000);
  expect(answers).toHaveLength(1);
  expect(live.issues.shown()).toEqual(left);
  expect(live.warnings).toEqual([]);
});

test('a requested check runs at once, and its issues are kept', async () => {
  const live = new LiveCheck(
    () => Promise.resolve(wrong),
    () => undefined,
  );
  expect(await live.now()).toEqual(wrong);
  live.issues.showAll();
  expect(live.issues.shown()).toEqual(wrong.issues);
  const dead = new LiveCheck(
    () => Promise.reject(new Error('Tokentray ends.')),
    () => undefined,
  );
  await expect(dead.now()).rejects.toThrow('Tokentray ends.');
});
