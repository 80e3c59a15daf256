import { beforeEach, expect, test } from 'vitest';
import type { SignInPlace } from '../../../src/config/profile/profile.ts';
import { SignInWays } from '../../../src/tray/sign-in/ways.ts';
import { memoryLog } from '../../agent/fixtures/fixture.ts';

let logged: unknown[];
/** The settings of one profile, which may refuse a change (full disk, locked file). */
let work: { id: string; signIn: SignInPlace };
let refusal: Error | undefined;
let writes: string[];

const settings = {
  setSignIn: (id: string, place: SignInPlace): Promise<void> => {
    writes.push(`${id} ${place}`);
    if (refusal !== undefined) return Promise.reject(refusal);
    work = { ...work, signIn: place };
    return Promise.resolve();
  },
};

beforeEach(() => {
  logged = [];
  writes = [];
  refusal = undefined;
  work = { id: 'work', signIn: 'window' };
});

test('a way that works is stored in the settings, if it differs', async () => {
  const ways = new SignInWays({ settings, log: memoryLog(logged) });
  expect(ways.wayOf(work)).toBe('window');
  await ways.remember(work, 'browser');
  await ways.remember(work, 'browser');
  expect(ways.wayOf(work)).toBe('browser');
  await ways.remember(work, 'window');
  expect(writes).toEqual(['work browser', 'work window']);
  expect(ways.wayOf(work)).toBe('window');
  expect(logged).toEqual([]);
});

test.each([
  ['stores no settings', undefined],
  ['cannot write them', settings],
] as const)('a run that %s keeps it until it quits, for that profile, and logs that', async (_, port) => {
  refusal = new Error('ENOSPC');
  const ways = new SignInWays({ settings: port, log: memoryLog(logged) });
  await ways.remember(work, 'browser');
  expect(ways.wayOf(work)).toBe('browser');
  expect(ways.wayOf({ id: 'home', signIn: 'window' })).toBe('window');
  expect(JSON.stringify(logged)).toContain('holds until the end');
  await ways.remember(work, 'window');
  expect(ways.wayOf(work)).toBe('window');
});

test('settings that change in the meantime apply again', async () => {
  refusal = new Error('EACCES');
  const ways = new SignInWays({ settings, log: memoryLog(logged) });
  await ways.remember(work, 'browser');
  work = { ...work, signIn: 'browser' };
  expect(ways.wayOf(work)).toBe('browser');
  refusal = undefined;
  await ways.remember(work, 'window');
  expect(ways.wayOf(work)).toBe('window');
  expect(work.signIn).toBe('window');
});
