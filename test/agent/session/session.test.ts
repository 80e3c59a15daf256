import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Grant } from '../../../src/agent/authority/authority.ts';
import type { Schedule } from '../../../src/config/profile/profile.ts';
import { sayReason } from '../../../src/words/say.ts';
import { ada, bob, byHand, HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';
import {
  makeAgent,
  redirectOf,
  refused,
  signedIn,
  signIn,
  TestVault,
  told,
  type Harness,
} from '../fixtures/fixture.ts';

const CACHE = 'default/msal-cache';
const TOKENS = 'default/last-good';

beforeAll(async () => {
  await import('../../../src/agent/refresh/schedule-job.ts');
});
beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8) }));
const running: Harness[] = [];
afterEach(() => {
  for (const { agent } of running.splice(0)) agent.stop();
  vi.useRealTimers();
});
const track = (harness: Harness): Harness => {
  running.push(harness);
  return harness;
};
/** The program ends and begins again on the same vault. */
async function restart(harness: Harness): Promise<Harness> {
  harness.agent.stop();
  const again = track(makeAgent({ vault: harness.vault }));
  await again.agent.start();
  return again;
}
const stored = async ({ vault }: Harness): Promise<(string | undefined)[]> =>
  Promise.all([vault.stored(CACHE), vault.stored(TOKENS)]);

test('restarted, it serves the stored token without connecting to anything', async () => {
  const again = await restart(track(await signedIn()));
  expect(again.agent.status.session).toMatchObject({ kind: 'signed-in', account: ada });
  expect(told(await again.agent.getToken())).toBe('token-1');
  await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
  expect(again.authority.connects).toBe(0);
});

test('restarted after the token expired, it renews it automatically', async () => {
  const first = track(await signedIn());
  vi.setSystemTime(Date.now() + 2 * HOUR_MS);
  const again = await restart(first);
  expect(again.agent.status.session).toMatchObject({ kind: 'signed-in', expiresOn: undefined });
  await vi.advanceTimersByTimeAsync(2000);
  expect(again.authority.renewals).toHaveLength(1);
  expect(again.agent.status.session).toMatchObject({ expiresOn: expect.any(Number) as number });
});

test('killed between the two saves of a first sign-in, it is still signed in', async () => {
  const vault = new TestVault();
  const died = track(makeAgent({ vault }));
  const forever = byHand<undefined>();
  vault.fault = (call) => (call === `save ${TOKENS}` ? forever.promise.then(() => undefined) : undefined);
  void signIn(died);
  await vi.advanceTimersByTimeAsync(0);
  expect(await stored(died)).toEqual([expect.any(String), undefined]);
  vault.fault = undefined;
  const again = track(makeAgent({ vault }));
  await again.agent.start();
  expect(again.agent.status.session).toMatchObject({ kind: 'signed-in', account: ada });
  await vi.advanceTimersByTimeAsync(2000);
  expect(told(await again.agent.getToken())).toBe('token-1');
});

test('a first start with nothing stored connects to nothing', async () => {
  const { agent, authority } = track(makeAgent());
  await agent.start();
  await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
  expect(agent.status.session.kind).toBe('signed-out');
  expect(authority.connects).toBe(0);
});

test('a completely damaged keyring leads to signed out, is reported, and its items are set aside', async () => {
  const vault = new TestVault();
  await vault.put(CACHE, 'garbage');
  await vault.put(TOKENS, 'garbage');
  const { agent } = track(makeAgent({ vault }));
  await agent.start();
  expect(agent.status).toMatchObject({
    session: { kind: 'signed-out' },
    storage: { kind: 'trouble', reason: { code: 'storage.corrupt' } },
  });
  expect(await vault.stored(`${CACHE}.corrupt-20261122T080000Z`)).toBe('garbage');
});

test('signing out empties vault and memory', async () => {
  const harness = track(await signedIn());
  expect(await harness.agent.signOut()).toBeUndefined();
  expect(await stored(harness)).toEqual([undefined, undefined]);
  expect(harness.agent.status.session.kind).toBe('signed-out');
  expect(told(await harness.agent.getToken())).toBe('refused: interaction signed-out');
});

test('signing out during a refresh drops its result: nothing is stored', async () => {
  const harness = track(await signedIn());
  const { agent, authority } = harness;
  const slow = byHand<Grant>();
  authority.onRenew = () => slow.promise;
  const asked = agent.getToken({ fresh: 'always' });
  await vi.advanceTimersByTimeAsync(0);
  await agent.signOut();
  slow.resolve(authority.grant(ada));
  expect(told(await asked)).toBe('refused: transient superseded');
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(await stored(harness)).toEqual([undefined, undefined]);
  expect(agent.status).toMatchObject({ session: { kind: 'signed-out' }, activity: { kind: 'idle' } });
});

test('signing out while the refreshed token is being stored leaves nothing stored', async () => {
  const harness = track(await signedIn());
  const { agent, vault } = harness;
  const slow = byHand<undefined>();
  vault.fault = (call) => (call === `save ${TOKENS}` ? slow.promise : undefined);
  const asked = agent.getToken({ fresh: 'always' });
  await vi.advanceTimersByTimeAsync(0);
  // The vault keeps the order of its calls, so the removal waits for the save.
  vault.fault = (call) => (call === `remove ${TOKENS}` ? slow.promise : undefined);
  const out = agent.signOut();
  slow.resolve(undefined);
  await Promise.all([asked, out]);
  expect(await stored(harness)).toEqual([undefined, undefined]);
  expect(agent.status.session.kind).toBe('signed-out');
});

test('a vault that cannot be emptied: still signed in, and reported', async () => {
  const harness = track(await signedIn());
  const { agent, vault } = harness;
  vault.fault = (call) => (call.startsWith('remove') ? refused : undefined);
  expect(await agent.signOut()).toMatchObject({ kind: 'storage', code: 'storage.write' });
  expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, storage: { kind: 'trouble' } });
  expect(told(await agent.getToken())).toBe('token-1');
  vault.fault = undefined;
  expect(await agent.signOut()).toBeUndefined();
  expect(await stored(harness)).toEqual([undefined, undefined]);
});

test('a sign-out that fails during a sign-in does not leave the status signing in', async () => {
  const { agent, vault } = track(await signedIn());
  await agent.beginSignIn('window');
  vault.fault = (call) => (call.startsWith('remove') ? refused : undefined);
  await agent.signOut();
  expect(agent.status.activity.kind).toBe('idle');
  expect(agent.signInAttempt).toBeUndefined();
});

test('another user signs in during a refresh: earlier callers get nothing of theirs', async () => {
  const harness = track(await signedIn());
  const { agent, authority } = harness;
  const slow = byHand<Grant>();
  authority.onRenew = () => slow.promise;
  const asked = [agent.getToken({ fresh: 'always' }), agent.getToken({ scopes: ['Mail.Read'] })];
  await vi.advanceTimersByTimeAsync(0);
  await agent.signOut();
  authority.onRedeem = () => Promise.resolve(authority.grant(bob));
  await signIn(harness);
  slow.resolve(authority.grant(ada));
  for (const answer of await Promise.all(asked)) expect(told(answer)).toBe('refused: transient superseded');
  expect(told(await agent.getToken())).toBe('token-2');
});

test('signing in during a refresh: the new session counts, the refresh is dropped', async () => {
  const harness = track(await signedIn());
  const { agent, authority } = harness;
  const slow = byHand<Grant>();
  authority.onRenew = () => slow.promise;
  const asked = agent.getToken({ fresh: 'always' });
  await vi.advanceTimersByTimeAsync(0);
  await signIn(harness);
  const after = await stored(harness);
  slow.resolve(authority.grant(ada));
  expect(told(await asked)).toBe('token-2 (superseded)');
  expect(told(await agent.getToken())).toBe('token-2');
  expect(await stored(harness)).toEqual(after);
});

test('a session that cannot be stored continues in memory, is reported, and is ok when the keyring is', async () => {
  const harness = track(makeAgent());
  const { agent, vault } = harness;
  vault.fault = (call) => (call.startsWith('save') ? refused : undefined);
  expect(await signIn(harness)).toMatchObject({ kind: 'signed-in' });
  expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, storage: { kind: 'trouble' } });
  expect(told(await agent.getToken())).toBe('token-1');
  vault.fault = undefined;
  expect(told(await agent.getToken({ fresh: 'always' }))).toBe('token-2');
  await expect.poll(() => agent.status.storage.kind).toBe('ok');
  expect(told(await (await restart(harness)).agent.getToken())).toBe('token-2');
});

test('a missing keyring is reported, and still is after a sign-in', async () => {
  const harness = track(
    makeAgent({ vault: new TestVault({ kind: 'absent', detail: 'libsecret is missing' }) }),
  );
  await harness.agent.start();
  await signIn(harness);
  expect(harness.agent.status.storage).toMatchObject({
    kind: 'trouble',
    reason: { code: 'storage.absent', params: { detail: 'libsecret is missing' } },
  });
});

test('after signing out another account can sign in, and gets none of the first one’s tokens', async () => {
  const harness = track(await signedIn());
  const { agent, authority } = harness;
  await agent.getToken({ scopes: ['Mail.Read'] });
  await agent.signOut();
  authority.onRedeem = () => Promise.resolve(authority.grant(bob));
  expect(await signIn(harness)).toMatchObject({ kind: 'signed-in', account: bob });
  expect(authority.authorizations.at(-1)!.loginHint).toBeUndefined();
  expect((await stored(harness)).join(' ')).not.toContain('ada');
  const mail = await agent.getToken({ scopes: ['Mail.Read'] });
  expect(authority.renewals.at(-1)!.account).toEqual(bob);
  expect(told(mail)).toBe('token-4');
});

test('a sign-out while the code is being redeemed wins', async () => {
  const harness = track(makeAgent());
  const { agent, authority } = harness;
  const slow = byHand<Grant>();
  authority.onRedeem = () => slow.promise;
  const started = await agent.beginSignIn('browser');
  const outcome = started.kind === 'started' ? started.attempt.receive(redirectOf(authority)) : undefined;
  await agent.signOut();
  slow.resolve(authority.grant(ada));
  expect(await outcome).toMatchObject({ kind: 'failed', problem: { code: 'sign-in.superseded' } });
  expect(await stored(harness)).toEqual([undefined, undefined]);
  expect(agent.status).toMatchObject({ session: { kind: 'signed-out' }, activity: { kind: 'idle' } });
});

test('nothing secret is logged', async () => {
  const harness = track(await signedIn());
  await harness.agent.getToken({ fresh: 'always' });
  await harness.agent.signOut();
  expect(harness.logged.length).toBeGreaterThan(2);
  expect(JSON.stringify(harness.logged)).not.toMatch(/token-|the-code/u);
});

test.each<[Schedule, string]>([
  [
    { at: '07:00', timeZone: 'Mars/Base' },
    'The schedule cannot be kept. schedule.timeZone: Must be the name of a time zone, for example Asia/Seoul. Found: Mars/Base',
  ],
  [
    { cron: '*/90 * * * *', timeZone: 'UTC' },
    'The schedule cannot be kept. schedule.cron: A step must be at most 60 for minutes, 24 for hours, 31 for days, 12 for months and 7 for weekdays. Each field starts again after its last value, so a step of 90 minutes would run every hour. Found: */90 * * * *',
  ],
])(
  'a stored schedule that is refused is reported once, and tokens are renewed all the same: %j',
  async (schedule, sentence) => {
    const { agent, authority, statuses, logged } = track(await signedIn({ profile: { schedule } }));
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
    const { health } = agent.status;
    expect(health.kind === 'configuration' && [health.reason.code, sayReason(health.reason)]).toEqual([
      'schedule.never',
      sentence,
    ]);
    await vi.advanceTimersByTimeAsync(3 * HOUR_MS);
    expect(authority.renewals.length).toBeGreaterThan(1);
    // A refresh must not end it for a moment: each beginning would be reported again.
    expect(statuses.map(({ health }) => health.kind).join(' ')).toMatch(/^(?:ok )*(?:configuration ?)+$/u);
    expect(logged.filter((line) => String(line).includes('the schedule cannot be kept'))).toHaveLength(1);
  },
);
