import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../src/agent/agent.ts';
import type { Grant } from '../../src/agent/authority/authority.ts';
import { Profiles } from '../../src/agent/profiles.ts';
import { sessionItems } from '../../src/agent/session/stored-session.ts';
import type { Profile } from '../../src/config/profile/profile.ts';
import { ada, bob, byHand, FakeAuthority, HOUR_MS, MINUTE_MS } from './fixtures/fake-authority.ts';
import { makeAgent, profile, redirectOf, TestVault, told } from './fixtures/fixture.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8) }));
let world: World;
afterEach(() => {
  world.profiles.stop();
  vi.useRealTimers();
});

const work: Profile = { ...profile, id: 'work', name: 'Work' };
const home: Profile = { ...profile, id: 'home', name: 'Home' };
const renamed: Profile = { ...work, redirectUri: 'http://localhost:6000/getAToken' };
const elsewhere: Profile = { ...work, authority: 'https://login.elsewhere.test/tenant' };

interface World {
  readonly profiles: Profiles;
  readonly vault: TestVault;
  /** One for each agent that was opened, by profile and in order. */
  readonly opened: { readonly profile: Profile; readonly agent: Agent; readonly authority: FakeAuthority }[];
}

function makeWorld(vault = new TestVault()): World {
  const opened: World['opened'] = [];
  const profiles = new Profiles((wanted) => {
    const authority = new FakeAuthority();
    const { agent } = makeAgent({ profile: wanted, vault, authority });
    opened.push({ profile: wanted, agent, authority });
    return agent;
  });
  return { profiles, vault, opened };
}

const settings = (...wanted: Profile[]): { profiles: Profile[]; defaultProfile: undefined } => ({
  profiles: wanted,
  defaultProfile: undefined,
});

async function signIn(id: string, account = ada): Promise<void> {
  const { agent, authority } = world.opened.findLast(({ profile: { id: found } }) => found === id)!;
  authority.onRedeem = () => Promise.resolve(authority.grant(account));
  const started = await agent.beginSignIn('window');
  if (started.kind === 'failed') throw new Error(started.problem.code);
  await started.attempt.receive(redirectOf(authority));
}

/** Both profiles signed in, Ada at work and Bob at home. */
async function withBoth(): Promise<void> {
  world = makeWorld();
  await world.profiles.apply(settings(work, home));
  await signIn('work');
  await signIn('home', bob);
}

/** A refresh of `work` that is under way until its grant is given. */
async function underWay(): Promise<{ asked: Promise<string>; grant: () => void }> {
  const { agent, authority } = world.opened[0]!;
  const slow = byHand<Grant>();
  authority.onRenew = () => slow.promise;
  const asked = agent.getToken({ fresh: 'always' }).then(told);
  await vi.advanceTimersByTimeAsync(0);
  return { asked, grant: () => slow.resolve({ ...authority.grant(ada), accessToken: secretOf('rotated') }) };
}

const secretOf = (text: string): Grant['accessToken'] => {
  const { accessToken } = new FakeAuthority().grant();
  return Object.assign(Object.create(Object.getPrototypeOf(accessToken) as object) as typeof accessToken, {
    reveal: () => text,
  });
};

const stored = (id: string): Promise<(string | undefined)[]> =>
  Promise.all(sessionItems({ id }).map((name) => world.vault.stored(name)));

test('two profiles at once: each request gets its own account’s token', async () => {
  await withBoth();
  const { profiles, opened } = world;
  vi.setSystemTime(Date.now() + HOUR_MS);
  opened[0]!.authority.onRenew = () =>
    Promise.resolve({ ...opened[0]!.authority.grant(ada), accessToken: secretOf('for Ada') });
  opened[1]!.authority.onRenew = () =>
    Promise.resolve({ ...opened[1]!.authority.grant(bob), accessToken: secretOf('for Bob') });
  const answers = await Promise.all(
    ['work', 'home', 'work', undefined, 'home'].map((id) => profiles.get(id)!.getToken()),
  );
  expect(answers.map(told)).toEqual(['for Ada', 'for Bob', 'for Ada', 'for Ada', 'for Bob']);
  expect(opened.map(({ authority }) => authority.renewals.length)).toEqual([1, 1]);
  expect((await stored('work')).join()).not.toMatch(/Bob|bob/u);
  expect((await stored('home')).join()).not.toMatch(/Ada|ada/u);
});

test('one profile’s sign-out and problems do not affect the other', async () => {
  await withBoth();
  const { profiles, opened } = world;
  opened[0]!.authority.onRenew = () =>
    Promise.reject(Object.assign(new Error(), { errorCode: 'invalid_grant' }));
  await profiles.get('work')!.getToken({ fresh: 'always' });
  expect(profiles.get('work')!.status.session.kind).toBe('sign-in-needed');
  await profiles.get('work')!.signOut();
  expect(told(await profiles.get('home')!.getToken())).toBe('token-1');
  expect(profiles.get('home')!.status.session).toMatchObject({ kind: 'signed-in', account: bob });
});

test('settings changed during a refresh: its result is kept, by the agent that follows', async () => {
  await withBoth();
  const { profiles, opened } = world;
  const { asked, grant } = await underWay();
  const applied = profiles.apply(settings(renamed, home));
  await vi.advanceTimersByTimeAsync(1000);
  // The closed agent still answers from what is left, and begins nothing new.
  expect(told(await profiles.get('work')!.getToken())).toBe('token-1');
  const more = profiles.get('work')!.getToken({ scopes: ['Mail.Read'] });
  grant();
  expect(await asked).toBe('rotated');
  expect(told(await more)).toBe('refused: transient superseded');
  await applied;
  expect(opened).toHaveLength(3);
  expect(profiles.get('work')!.profile.redirectUri).toBe(renamed.redirectUri);
  expect(told(await profiles.get('work')!.getToken())).toBe('rotated');
  expect(opened[2]!.authority.connects).toBe(0);
});

test('signing out while settings are applied is refused, and not reported as done', async () => {
  await withBoth();
  const { profiles } = world;
  const { grant } = await underWay();
  const leaving = profiles.get('work')!;
  const applied = profiles.apply(settings(renamed, home));
  await vi.advanceTimersByTimeAsync(0);
  expect(await leaving.signOut()).toMatchObject({ kind: 'transient', code: 'superseded' });
  grant();
  await applied;
  expect(await leaving.signOut()).toMatchObject({ code: 'superseded' });
  expect(profiles.get('work')!.status.session).toMatchObject({ kind: 'signed-in', account: ada });
  expect(await profiles.get('work')!.signOut()).toBeUndefined();
  expect(await stored('work')).toEqual([undefined, undefined]);
});

test('a sign-in that is under way while settings are applied ends, and mixes no sessions', async () => {
  await withBoth();
  const { profiles, opened } = world;
  const { grant } = await underWay();
  const { agent, authority } = opened[0]!;
  const started = await agent.beginSignIn('window');
  if (started.kind === 'failed') throw new Error(started.problem.code);
  const applied = profiles.apply(settings(renamed, home));
  await vi.advanceTimersByTimeAsync(0);
  expect(agent.status.activity.kind).not.toBe('signing-in');
  expect(await agent.beginSignIn('window')).toMatchObject({ problem: { code: 'sign-in.superseded' } });
  const outcome = await started.attempt.receive(redirectOf(authority));
  expect(outcome).toMatchObject({ problem: { code: 'sign-in.superseded' } });
  grant();
  await applied;
  expect(told(await profiles.get('work')!.getToken())).toBe('rotated');
});

test('a sign-in accepted before settings are applied is stored and continues', async () => {
  await withBoth();
  const { profiles, opened, vault } = world;
  const { agent, authority } = opened[0]!;
  const slow = byHand<undefined>();
  let saves = 0;
  vault.fault = (call) => (call === 'save work/msal-cache' && saves++ === 0 ? slow.promise : undefined);
  const older = await agent.beginSignIn('window');
  if (older.kind === 'failed') throw new Error(older.problem.code);
  const accepted = older.attempt.receive(redirectOf(authority));
  await vi.advanceTimersByTimeAsync(0);
  let isApplied = false;
  const applied = profiles.apply(settings(renamed, home)).then(() => (isApplied = true));
  await vi.advanceTimersByTimeAsync(1000);
  expect(isApplied).toBe(false);
  slow.resolve(undefined);
  expect(await accepted).toMatchObject({ kind: 'signed-in' });
  await applied;
  expect(told(await profiles.get('work')!.getToken())).toBe('token-2');
});

test('a new default and a new agent are announced at once, an unchanged one is not', async () => {
  await withBoth();
  const { profiles } = world;
  const heard: string[] = [];
  profiles.watch(({ profile: { id } }) => {
    heard.push(`${id}, default ${String(profiles.get()?.profile.id)}`);
  });
  await profiles.apply({ ...settings(work, home), defaultProfile: 'home' });
  expect(heard).toEqual(['home, default home']);
  await profiles.apply({ ...settings(work, home), defaultProfile: 'home' });
  expect(heard).toHaveLength(1);
  await profiles.apply({ ...settings(renamed, home), defaultProfile: 'home' });
  expect(heard.at(-1)).toBe('work, default home');
  heard.length = 0;
  await profiles.apply(settings(renamed));
  expect(heard).toEqual(['work, default work']);
});

test('a watcher that throws at another default does not undo it', async () => {
  await withBoth();
  const { profiles } = world;
  profiles.watch(() => {
    throw new Error('the screen is full');
  });
  await profiles.apply({ ...settings(work, home), defaultProfile: 'home' });
  expect(profiles.get()?.profile.id).toBe('home');
});

test('a closed agent neither stores nor announces anything', async () => {
  await withBoth();
  const { profiles, opened } = world;
  const [old] = opened;
  await profiles.apply(settings(renamed, home));
  const before = await stored('work');
  const heard: Agent[] = [];
  profiles.watch((agent) => heard.push(agent));
  expect(told(await old!.agent.getToken({ fresh: 'always' }))).toBe('token-1 (superseded)');
  expect(await old!.agent.beginSignIn('window')).toMatchObject({ problem: { code: 'sign-in.superseded' } });
  await old!.agent.due();
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  expect(await stored('work')).not.toContain(undefined);
  expect(heard).not.toContain(old!.agent);
  expect(old!.authority.renewals).toHaveLength(0);
  expect(before[0]).toBe((await stored('work'))[0]);
});

test('a profile removed during its refresh: the caller gets its token, and no further request is sent', async () => {
  await withBoth();
  const { profiles, opened } = world;
  const { asked, grant } = await underWay();
  const applied = profiles.apply(settings(home));
  grant();
  expect(await asked).toBe('rotated');
  await applied;
  expect(profiles.get('work')).toBeUndefined();
  expect(profiles.get()?.profile.id).toBe('home');
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  expect(opened[0]!.authority.renewals).toHaveLength(1);
});

test('signed out before it is removed, nothing of a profile is left in the vault', async () => {
  await withBoth();
  await world.profiles.get('work')!.signOut();
  await world.profiles.apply(settings(home));
  expect(await stored('work')).toEqual([undefined, undefined]);
  expect(await stored('home')).not.toContain(undefined);
});

test('applied twice at once: one after the other, and the last word counts', async () => {
  await withBoth();
  const { profiles, opened } = world;
  await Promise.all([profiles.apply(settings(renamed, home)), profiles.apply(settings(home, work))]);
  expect(profiles.list.map((agent) => agent.profile)).toEqual([home, work]);
  expect(profiles.get()?.profile.id).toBe('home');
  expect(opened).toHaveLength(4);
  expect(profiles.get('home')).toBe(opened[1]!.agent);
  expect(told(await profiles.get('work')!.getToken())).toBe('token-1');
});

test('the same settings again change nothing', async () => {
  await withBoth();
  const before = world.profiles.list;
  await world.profiles.apply(settings({ ...work }, { ...home }));
  expect(world.profiles.list).toEqual(before);
  expect(world.opened).toHaveLength(2);
});

test('another name, and another way to sign in: same agent and session, and requests under way continue', async () => {
  await withBoth();
  const { profiles, opened } = world;
  const { asked, grant } = await underWay();
  const started = await opened[1]!.agent.beginSignIn('window');
  if (started.kind === 'failed') throw new Error(started.problem.code);
  const heard: string[] = [];
  profiles.watch(({ profile: { name } }) => heard.push(name));
  await profiles.apply(settings({ ...work, name: 'At work' }, { ...home, signIn: 'browser' }));
  expect(opened).toHaveLength(2);
  expect(profiles.list.map((agent) => agent.profile)).toEqual([
    { ...work, name: 'At work' },
    { ...home, signIn: 'browser' },
  ]);
  expect(heard).toContain('At work');
  grant();
  expect(await asked).toBe('rotated');
  expect(await started.attempt.receive(redirectOf(opened[1]!.authority))).toMatchObject({
    kind: 'signed-in',
  });
  // Reopened for another reason, it uses the changed profile.
  await profiles.reopen('home');
  expect(profiles.get('home')!.profile.signIn).toBe('browser');
});

test('the same id at another authority: the stored session is not used, and its tokens are gone', async () => {
  await withBoth();
  const { profiles, opened } = world;
  await profiles.apply(settings(elsewhere, home));
  expect(told(await profiles.get('work')!.getToken())).toBe('refused: interaction signed-out');
  expect(await stored('work')).toEqual([undefined, undefined]);
  expect(opened[2]!.authority.connects).toBe(0);
  await profiles.apply(settings(work, home));
  expect(told(await profiles.get('work')!.getToken())).toBe('refused: interaction signed-out');
});

test('a changed credential: the agent is reopened on the same session', async () => {
  await withBoth();
  const { profiles, opened } = world;
  await profiles.reopen('work');
  expect(opened.map(({ profile: { id } }) => id)).toEqual(['work', 'home', 'work']);
  expect(profiles.get()).toBe(opened[2]!.agent);
  expect(told(await profiles.get('work')!.getToken())).toBe('token-1');
  await profiles.reopen('nobody');
  expect(opened).toHaveLength(3);
});

test('stopped while settings are applied, nothing keeps running', async () => {
  world = makeWorld();
  const applied = world.profiles.apply(settings(work));
  await Promise.resolve();
  world.profiles.stop();
  await applied;
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(vi.getTimerCount()).toBe(0);
});

test('a watcher that throws does not affect the others, also for profiles added later', async () => {
  world = makeWorld();
  const heard: string[] = [];
  world.profiles.watch(() => {
    throw new Error('a watcher');
  });
  const end = world.profiles.watch((agent, { session }) => heard.push(`${agent.profile.id} ${session.kind}`));
  await world.profiles.apply(settings(work));
  await signIn('work');
  expect(heard).toContain('work signed-in');
  end();
  heard.length = 0;
  await world.profiles.get()!.signOut();
  expect(heard).toEqual([]);
});

const seoul: Profile['schedule'] = { at: '07:00', timeZone: 'Asia/Seoul' };
const SEVEN = Date.UTC(2026, 10, 22, 22);

/** The causes of an agent's refreshes from now on. */
function causesOf(agent: Agent): string[] {
  const causes: string[] = [];
  agent.onStatus(({ activity }) => {
    if (activity.kind === 'refreshing' && causes.length < 9) causes.push(activity.cause);
  });
  return causes;
}

describe('an instant of the schedule is not lost', () => {
  beforeAll(async () => {
    await import('../../src/agent/refresh/schedule-job.ts');
  });

  async function scheduled(at: number, schedule: Profile['schedule'] = seoul): Promise<void> {
    vi.setSystemTime(at);
    world = makeWorld();
    await world.profiles.apply(settings({ ...work, schedule }));
    world.opened[0]!.authority.lifetimeMs = 8 * HOUR_MS;
    await signIn('work');
  }

  test('when a profile is added in the second before it', async () => {
    await scheduled(SEVEN - 500);
    const causes = causesOf(world.profiles.get('work')!);
    vi.setSystemTime(SEVEN + 5 * MINUTE_MS);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(new Set(causes)).toEqual(new Set(['schedule']));
    expect(world.opened[0]!.authority.renewals).toHaveLength(1);
  });

  test.each<[string, number, Profile['schedule'], number]>([
    ['while the agent with the former settings settles', SEVEN - HOUR_MS, undefined, SEVEN - 100],
    ['in the first second of the agent with the former settings', SEVEN - 300, seoul, SEVEN + 100],
    ['in a sleep just before the settings are changed', SEVEN - HOUR_MS, seoul, SEVEN + 5 * MINUTE_MS],
  ])('when it passes %s', async (_name, startedAt, former, changedAt) => {
    await scheduled(startedAt, former);
    if (startedAt < SEVEN - MINUTE_MS) await vi.advanceTimersByTimeAsync(2_000);
    vi.setSystemTime(changedAt);
    const { grant } = await underWay();
    const applied = world.profiles.apply(settings({ ...renamed, schedule: seoul }));
    await vi.advanceTimersByTimeAsync(500);
    grant();
    await applied;
    const successor = world.opened[1]!;
    successor.authority.lifetimeMs = 8 * HOUR_MS;
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(successor.authority.renewals).toHaveLength(1);
    expect(successor.agent.nextScheduledAt).toBe(SEVEN + 24 * HOUR_MS);
  });
});
