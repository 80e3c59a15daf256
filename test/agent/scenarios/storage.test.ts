// A keyring that is locked, recovers, refuses or breaks: what the user keeps, and what is reported.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Grant } from '../../../src/agent/authority/authority.ts';
import type { Unavailable } from '../../../src/vault/store/vault.ts';
import { ada, bob, byHand, HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';
import {
  makeAgent,
  offline,
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

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8) }));
const running: Harness[] = [];
afterEach(async () => {
  for (const { agent } of running.splice(0)) agent.stop();
  // How long a sign-in waits for its save.
  await vi.advanceTimersByTimeAsync(1_000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
const track = (harness: Harness): Harness => {
  running.push(harness);
  return harness;
};
const stored = ({ vault }: Harness): Promise<(string | undefined)[]> =>
  Promise.all([vault.stored(CACHE), vault.stored(TOKENS)]);

/** Ada's session as an earlier run of the program left it: the two items. */
async function leftBehind(): Promise<string[]> {
  const earlier = await signedIn();
  earlier.agent.stop();
  return (await stored(earlier)).map((text) => text ?? '');
}

/** The vault of a locked keyring: empty until it opens, then with what was stored before. */
function lockedVault(
  kind: Unavailable['kind'],
  items: readonly string[],
): { vault: TestVault; unlock: () => void } {
  const vault = new TestVault({ kind, detail: 'the keyring is locked' });
  const unlock = (): void => {
    vault.onRetry = async () => {
      // As in the system vault: what was saved meanwhile is copied, and the rest can be read.
      if ((await vault.stored(CACHE)) === undefined) {
        await vault.put(CACHE, items[0]!);
        await vault.put(TOKENS, items[1]!);
      }
      vault.unavailable = undefined;
    };
  };
  return { vault, unlock };
}

test.each(['locked', 'silent', 'failed'] as const)(
  'a keyring that is %s at the start: no sign-in is requested, and once unlocked it gives the session back',
  async (kind) => {
    const { vault, unlock } = lockedVault(kind, await leftBehind());
    const harness = track(makeAgent({ vault }));
    const { agent, authority } = harness;
    await agent.start();
    const answer = await agent.getToken();
    expect(answer).toMatchObject({ kind: 'refused', problem: { kind: 'storage' } });
    expect(told(answer)).not.toContain('signed-out');
    expect(agent.status.storage).toMatchObject({ kind: 'trouble' });
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(agent.status.session.kind).toBe('signed-out');

    unlock();
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(agent.status).toMatchObject({
      session: { kind: 'signed-in', account: ada },
      storage: { kind: 'ok' },
    });
    expect(told(await agent.getToken())).toBe('token-1');
    expect(authority.connects).toBe(0);
    await agent.getToken({ fresh: 'always' });
    expect(vault.calls.filter((call) => call === `load ${CACHE}`).length).toBeGreaterThan(0);
  },
);

test('no keyring on this machine: simply signed out', async () => {
  const { agent } = track(makeAgent({ vault: new TestVault({ kind: 'absent', detail: 'no libsecret' }) }));
  await agent.start();
  expect(told(await agent.getToken())).toBe('refused: interaction signed-out');
  expect(agent.status.storage).toMatchObject({ kind: 'trouble', reason: { code: 'storage.absent' } });
});

test('signed in while it is locked: that session continues when it opens, not the one behind the lock', async () => {
  const { vault, unlock } = lockedVault('locked', await leftBehind());
  const harness = track(makeAgent({ vault }));
  const { agent, authority } = harness;
  await agent.start();
  authority.onRedeem = () => Promise.resolve(authority.grant(bob));
  expect(await signIn(harness)).toMatchObject({ kind: 'signed-in', account: bob });
  expect(agent.status.storage.kind).toBe('trouble');
  unlock();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(agent.status).toMatchObject({ session: { account: bob }, storage: { kind: 'ok' } });
  expect(told(await agent.getToken())).toBe('token-1');
  expect(await vault.stored(TOKENS)).toContain('bob');
});

test('unlocked during a sign-in: the stored session is back, and another account is refused', async () => {
  const { vault, unlock } = lockedVault('locked', await leftBehind());
  const harness = track(makeAgent({ vault }));
  const { agent, authority } = harness;
  await agent.start();
  authority.onRedeem = async () => {
    unlock();
    await agent.due();
    return authority.grant(bob);
  };
  expect(await signIn(harness)).toMatchObject({ problem: { code: 'sign-in.wrong-account' } });
  expect(agent.status).toMatchObject({
    session: { kind: 'signed-in', account: ada },
    activity: { kind: 'idle' },
  });
});

test('signed out while it is locked: the user is signed out, and the caller learns it', async () => {
  const { vault } = lockedVault('locked', await leftBehind());
  const { agent } = track(makeAgent({ vault }));
  await agent.start();
  expect(await agent.signOut()).toBeUndefined();
  expect(told(await agent.getToken())).toBe('refused: interaction signed-out');
});

test('a keyring that refuses the first read is read again five minutes later', async () => {
  const earlier = await signedIn();
  earlier.agent.stop();
  const { vault } = earlier;
  vault.fault = () => refused;
  const { agent } = track(makeAgent({ vault }));
  await agent.start();
  expect(told(await agent.getToken())).toBe('refused: storage storage.unavailable');
  const reads = (): number => vault.calls.filter((call) => call === `load ${TOKENS}`).length;
  const before = reads();
  vault.fault = undefined;
  await vi.advanceTimersByTimeAsync(4 * MINUTE_MS);
  expect(reads()).toBe(before);
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
  expect(told(await agent.getToken())).toBe('token-1');
  expect(agent.status.storage).toEqual({ kind: 'ok' });
});

test('a keyring that keeps refusing is not reported as readable, and once it is readable, that is reported once', async () => {
  const earlier = await signedIn();
  earlier.agent.stop();
  const { vault } = earlier;
  vault.fault = () => refused;
  const { agent, logged } = track(makeAgent({ vault }));
  await agent.start();
  const said = (): number => logged.filter((line) => String(line).includes('storage can be read')).length;
  await vi.advanceTimersByTimeAsync(30 * MINUTE_MS);
  expect(said()).toBe(0);
  vault.fault = undefined;
  await vi.advanceTimersByTimeAsync(30 * MINUTE_MS);
  expect(said()).toBe(1);
});

test('a failed save is repeated after five minutes, once, and the status is ok again', async () => {
  const harness = track(await signedIn());
  const { agent, vault } = harness;
  await vi.advanceTimersByTimeAsync(2_000);
  vault.fault = (call) => (call.startsWith('save') ? refused : undefined);
  expect(told(await agent.getToken({ fresh: 'always' }))).toBe('token-2');
  expect(agent.status).toMatchObject({
    session: { kind: 'signed-in' },
    health: { kind: 'ok' },
    storage: { kind: 'trouble', reason: { code: 'storage.write' } },
  });
  const saves = (): number => vault.calls.filter((call) => call.startsWith('save')).length;
  const before = saves();
  await vi.advanceTimersByTimeAsync(4 * MINUTE_MS);
  expect(saves()).toBe(before);
  vault.fault = undefined;
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
  expect(saves()).toBe(before + 2);
  expect(agent.status.storage.kind).toBe('ok');
  expect(await vault.stored(TOKENS)).toContain('token-2');
});

test('half a save is not a recovery', async () => {
  const { agent, vault, statuses } = track(await signedIn());
  vault.fault = (call) => (call === `save ${TOKENS}` ? refused : undefined);
  await agent.getToken({ fresh: 'always' });
  expect(agent.status.storage.kind).toBe('trouble');
  statuses.length = 0;
  await agent.getToken({ fresh: 'always' });
  // Not even for a moment: each recovery would be reported.
  expect(new Set(statuses.map(({ storage }) => storage.kind))).toEqual(new Set(['trouble']));
  vault.fault = undefined;
  await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);
  expect(agent.status.storage.kind).toBe('ok');
  expect(await vault.stored(TOKENS)).toContain('token-3');
});

test('being offline does not hide that nothing is stored, nor the other way round', async () => {
  const { agent, authority, vault } = track(await signedIn());
  vault.fault = (call) => (call.startsWith('save') ? refused : undefined);
  await agent.getToken({ fresh: 'always' });
  authority.onRenew = (_request, network) => offline(network);
  await agent.getToken({ fresh: 'always' });
  expect(agent.status).toMatchObject({ health: { kind: 'offline' }, storage: { kind: 'trouble' } });
});

test('signing out while the keyring refuses is reported, and the session continues with the refresh token in memory', async () => {
  const harness = track(await signedIn());
  const { agent, authority, vault } = harness;
  await agent.getToken({ fresh: 'always' });
  const before = await stored(harness);
  vault.fault = () => refused;
  expect(await agent.signOut()).toMatchObject({ kind: 'storage', code: 'storage.write' });
  expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, storage: { kind: 'trouble' } });
  expect(told(await agent.getToken())).toBe('token-2');
  // The keyring cannot even be read now: MSAL continues with what is in memory.
  expect(told(await agent.getToken({ fresh: 'always' }))).toBe('token-3');
  vault.fault = undefined;
  await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);
  expect(agent.status.storage.kind).toBe('ok');
  const after = await stored(harness);
  expect(after[0]).toBe(before[0]);
  expect(after[1]).toContain('token-3');
  expect(authority.connects).toBe(1);
  expect(await agent.signOut()).toBeUndefined();
  expect(await stored(harness)).toEqual([undefined, undefined]);
});

test('half a sign-out is undone: removed items are stored again', async () => {
  const harness = track(await signedIn());
  const { agent, vault } = harness;
  vault.fault = (call) => (call === `remove ${CACHE}` ? refused : undefined);
  expect(await agent.signOut()).toMatchObject({ code: 'storage.write' });
  expect((await stored(harness))[1]).toBeUndefined();
  await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);
  expect(await stored(harness)).toEqual([expect.any(String), expect.stringContaining('token-1')]);
});

test.each(['after a refresh', 'before MSAL was ever asked'] as const)(
  'half a sign-out that took MSAL’s cache is undone: %s',
  async (when) => {
    const earlier = await signedIn();
    earlier.agent.stop();
    const { vault, authority } = earlier;
    const harness = track(makeAgent({ vault, authority }));
    const { agent } = harness;
    await agent.start();
    if (when === 'after a refresh') await agent.getToken({ fresh: 'always' });
    const before = await stored(harness);
    vault.fault = (call) => (call === `remove ${TOKENS}` ? refused : undefined);
    expect(await agent.signOut()).toMatchObject({ code: 'storage.write' });
    expect((await stored(harness))[0]).toBeUndefined();
    vault.fault = undefined;
    await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);
    expect(await stored(harness)).toEqual(before);
    expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, storage: { kind: 'ok' } });
  },
);

test('while the vault is being emptied nothing is renewed or saved behind its back', async () => {
  const harness = track(await signedIn());
  const { agent, authority, vault } = harness;
  vault.fault = (call) => (call.startsWith('save') ? refused : undefined);
  await agent.getToken({ fresh: 'always' });
  const slow = byHand<undefined>();
  vault.fault = (call) => (call.startsWith('remove') ? slow.promise : undefined);
  const out = [agent.signOut(), agent.signOut()];
  await vi.advanceTimersByTimeAsync(0);
  expect(told(await agent.getToken({ fresh: 'always' }))).toBe('token-2 (superseded)');
  vi.setSystemTime(Date.now() + HOUR_MS);
  await agent.due();
  slow.resolve(undefined);
  expect(await Promise.all(out)).toEqual([undefined, undefined]);
  expect(authority.renewals).toHaveLength(1);
  expect(await stored(harness)).toEqual([undefined, undefined]);
  expect(agent.status.session.kind).toBe('signed-out');
});

test('a sign-in that ends while a sign-out still empties the vault is kept whole', async () => {
  const harness = track(await signedIn());
  const { agent, authority, vault } = harness;
  const slow = byHand<undefined>();
  const gates = new Map<string, Promise<void>>();
  // As every vault: calls on one item are carried out in their order.
  vault.fault = (call) => {
    const [verb = '', name = ''] = call.split(' ');
    if (verb === 'remove') gates.set(name, slow.promise);
    return gates.get(name);
  };
  const out = agent.signOut();
  const started = await agent.beginSignIn('window');
  if (started.kind === 'failed') throw new Error(started.problem.code);
  const { state } = authority.authorizations.at(-1)!;
  const signedInAgain = started.attempt.receive(
    `http://localhost:5000/getAToken?state=${state}&code=the-code`,
  );
  await vi.advanceTimersByTimeAsync(0);
  slow.resolve(undefined);
  expect(await signedInAgain).toMatchObject({ kind: 'signed-in' });
  await out;
  expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, activity: { kind: 'idle' } });
  expect(await stored(harness)).toEqual([expect.any(String), expect.stringContaining('token-2')]);
});

test('a newer sign-in, begun while the older one is being stored, stays visible', async () => {
  const harness = track(makeAgent());
  const { agent, vault } = harness;
  const slow = byHand<undefined>();
  vault.fault = (call) => (call.startsWith('save') ? slow.promise.then(() => undefined) : undefined);
  const older = signIn(harness);
  await vi.advanceTimersByTimeAsync(0);
  const newer = await agent.beginSignIn('window');
  slow.resolve(undefined);
  expect(await older).toMatchObject({ kind: 'signed-in' });
  await vi.advanceTimersByTimeAsync(0);
  expect(agent.status).toMatchObject({ session: { account: ada }, activity: { kind: 'signing-in' } });
  if (newer.kind === 'failed') throw new Error(newer.problem.code);
  expect(agent.signInAttempt).toBe(newer.attempt);
  // By then the newer one belongs to the session's account.
  harness.authority.onRedeem = () => Promise.resolve(harness.authority.grant(bob));
  const { state } = harness.authority.authorizations.at(-1)!;
  const wrong = await newer.attempt.receive(`http://localhost:5000/getAToken?state=${state}&code=c`);
  expect(wrong).toMatchObject({ problem: { code: 'sign-in.wrong-account' } });
});

test('a cache that cannot be read is set aside, reported, and gone after the next sign-out', async () => {
  const earlier = await signedIn();
  earlier.agent.stop();
  await earlier.vault.put(CACHE, '{"Account":');
  const harness = track(makeAgent({ vault: earlier.vault, authority: earlier.authority }));
  const { agent, authority, vault } = harness;
  authority.onRenew = () => Promise.reject(Object.assign(new Error(), { errorCode: 'no_tokens_found' }));
  await agent.start();
  await agent.getToken({ fresh: 'always' });
  const aside = `${CACHE}.corrupt-20261122T080000Z`;
  expect(await vault.stored(aside)).toBe('{"Account":');
  expect(agent.status).toMatchObject({
    session: { kind: 'sign-in-needed' },
    storage: { kind: 'trouble', reason: { code: 'storage.corrupt', params: { name: aside } } },
  });
  expect(await signIn(harness)).toMatchObject({ kind: 'signed-in' });
  expect(agent.status.storage.kind).toBe('ok');
  await agent.signOut();
  expect(await vault.stored(aside)).toBeUndefined();
});

test('a token refreshed during the settling is stored before the agent stops', async () => {
  const harness = track(await signedIn());
  const { agent, authority, vault } = harness;
  const slow = byHand<Grant>();
  authority.onRenew = () => slow.promise;
  const asked = agent.getToken({ fresh: 'always' });
  await vi.advanceTimersByTimeAsync(0);
  const settled = agent.settle();
  slow.resolve(authority.grant(ada));
  await settled;
  agent.stop();
  expect(told(await asked)).toBe('token-2');
  expect(await vault.stored(TOKENS)).toContain('token-2');
});

test('a refresh that waits behind another one is not sent while the agent settles: the host would cut it off', async () => {
  const harness = track(await signedIn());
  const { agent, authority } = harness;
  const slow = byHand<Grant>();
  authority.onRenew = () => slow.promise;
  const first = agent.getToken({ fresh: 'always' });
  const second = agent.getToken({ fresh: 'always', scopes: ['https://vault.azure.net/.default'] });
  await vi.advanceTimersByTimeAsync(0);
  const settled = agent.settle();
  slow.resolve(authority.grant(ada));
  await settled;
  expect(told(await first)).toBe('token-2');
  expect(told(await second)).toBe('refused: transient superseded');
  expect(authority.renewals).toHaveLength(1);
});

test('a keyring that does not answer delays neither a renewed token nor the end of a sign-in; settling waits', async () => {
  const harness = track(await signedIn());
  const { agent, vault } = harness;
  await vi.advanceTimersByTimeAsync(10);
  const slow = byHand<undefined>();
  vault.fault = (call) => (call.startsWith('save') ? slow.promise : undefined);
  const renewing = agent.getToken({ fresh: 'always' });
  await vi.advanceTimersByTimeAsync(150);
  expect(told(await renewing)).toBe('token-2');
  expect(told(await agent.getToken())).toBe('token-2');
  const signingIn = signIn(harness);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await signingIn).toMatchObject({ kind: 'signed-in' });

  const settled = vi.fn();
  const settling = agent.settle().then(settled);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(settled).not.toHaveBeenCalled();
  slow.resolve(undefined);
  await settling;
  expect(await vault.stored(TOKENS)).toContain('token-3');
});

test('killed at any call to the keyring while the account is switched, it starts as one account with its own cache', async () => {
  const names = new Set<string>();
  for (let calls = 0; calls < 8; calls += 1) {
    const harness = track(await signedIn());
    const { agent, vault } = harness;
    await vi.advanceTimersByTimeAsync(10);
    let left = calls;
    vault.fault = () => {
      left -= 1;
      // The process is dead: the call never reaches the keyring.
      return left < 0 ? new Promise<void>(() => undefined) : undefined;
    };
    harness.authority.onRedeem = () => Promise.resolve(harness.authority.grant(bob));
    const started = await agent.beginSignIn('window', 'anybody');
    if (started.kind === 'failed') throw new Error('not started');
    void started.attempt.receive(redirectOf(harness.authority));
    await vi.advanceTimersByTimeAsync(2_000);
    const [cache = '', tokens = ''] = await stored(harness);
    const [inCache, inTokens] = [cache, tokens].map((text) => /(ada|bob)\.tenant/u.exec(text)?.[1]);
    if (inTokens !== undefined) expect(inTokens, `after ${calls} calls`).toBe(inCache);
    expect(inCache, `after ${calls} calls`).toBeDefined();
    names.add(inCache ?? '');
  }
  expect([...names]).toEqual(['ada', 'bob']);
});
