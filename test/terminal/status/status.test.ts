import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problem } from '../../../src/words/problem.ts';
import { ada, fakeAgent, signedIn } from '../../outlets/fixtures/fake-agent.ts';
import { makeEmptyHome, ownHome, type EmptyHome, type FakeOwner } from '../fixtures/fake-owner.ts';

let home: EmptyHome;
let owner: FakeOwner;

beforeEach(async () => {
  home = makeEmptyHome();
  owner = await ownHome(home.places);
});

afterEach(async () => {
  home.tokentray.killAll();
  await owner.close();
});

const needed = problem('interaction', 'revoked', { detail: 'AADSTS50173' });

test('every part of the status is printed, and the exit code says the session', async () => {
  const reason = problem('transient', 'offline', { host: 'login.example.org', detail: 'ENOTFOUND' });
  const locked = problem('storage', 'storage.locked', { detail: 'locked' });
  owner.agent.status = {
    session: { kind: 'sign-in-needed', reason: needed, account: ada, expiresOn: Date.now() - 60_000 },
    activity: { kind: 'waiting', nextTryAt: Date.now() + 60_000 },
    health: { kind: 'offline', since: Date.now(), reason },
    storage: { kind: 'trouble', reason: locked },
  };
  const { code, out, err } = await home.tokentray.run('status');
  expect(code).toBe(10);
  expect(out).toMatch(/^Sign-in needed for Ada.*\nToken expired at .*\nTrying again at .*\n$/u);
  expect(err).toContain('The authority ended your session');
  expect(err).toContain('cannot be reached');
  expect(err).toContain('keyring is locked');
});

const good = { kind: 'signed-in', account: ada, expiresOn: Date.now() + 3_600_000 } as const;
const expired = { ...good, expiresOn: Date.now() - 60_000 } as const;

test('without a valid token, the exit code says why there is none', async () => {
  const refused = problem('admin', 'wrong-secret', { detail: 'AADSTS7000215' });
  const offline = problem('transient', 'offline', { host: 'login.example.org', detail: 'ENOTFOUND' });
  const misconfigured = { kind: 'configuration', reason: refused } as const;
  const code = async (change: Partial<typeof signedIn>): Promise<number | null> => {
    owner.agent.status = { ...signedIn, ...change };
    return (await home.tokentray.run('status')).code;
  };
  expect(await code({ session: good, health: misconfigured })).toBe(0);
  expect(await code({ session: expired, health: misconfigured })).toBe(12);
  expect(await code({ session: expired, health: { kind: 'offline', since: 0, reason: offline } })).toBe(11);
  expect(await code({ session: expired })).toBe(11);
  const locked = problem('storage', 'storage.locked', { detail: 'locked' });
  expect(await code({ session: expired, storage: { kind: 'trouble', reason: locked } })).toBe(14);
  expect(await code({ session: { ...good, expiresOn: undefined } })).toBe(11);
});

test('a problem of a token file is printed', async () => {
  await owner.close();
  const trouble = problem('admin', 'token-file.write', { path: '/srv/token', detail: 'ENOSPC' });
  owner = await ownHome(home.places, { tokenFileTroubles: () => [trouble] });
  owner.agent.status = { ...signedIn, session: good };
  const { code, err } = await home.tokentray.run('status');
  expect(code).toBe(0);
  expect(err).toContain('could not be written to /srv/token (ENOSPC)');
  expect(err).toContain('free disk space');
});

test('--profile selects another profile', async () => {
  owner.agent.status = { ...signedIn, session: good };
  owner.profiles.agents.push(fakeAgent({ id: 'work' }));
  owner.profiles.agents[1]!.status = { ...signedIn, session: { kind: 'signed-out' } };
  expect(await home.tokentray.run('status')).toMatchObject({ code: 0 });
  expect(await home.tokentray.run('status', '--profile', 'work')).toMatchObject({
    code: 10,
    out: 'Signed out\n',
  });
});

describe('status --watch', () => {
  test('prints the status and each change until Ctrl-C, and exits with 0', async () => {
    const watching = home.tokentray.start('status', '--watch');
    await watching.until(({ out }) => out.includes('Signed in as Ada'));
    owner.agent.status = { ...signedIn, activity: { kind: 'refreshing', cause: 'user' } };
    owner.profiles.announce(owner.agent);
    await watching.until(({ out }) => out.includes('Refreshing…'));
    owner.agent.status = { ...signedIn, session: { kind: 'signed-out' } };
    owner.profiles.announce(owner.agent);
    await watching.until(({ out }) => out.endsWith('Signed out\n'));
    expect(await watching.end('SIGINT')).toMatchObject({ code: 0, err: '' });
  });

  test('with --json, one object on each line', async () => {
    const watching = home.tokentray.start('status', '--watch', '--json');
    await watching.until(({ out }) => out.endsWith('\n'));
    owner.agent.status = { ...signedIn, session: { kind: 'signed-out' } };
    owner.profiles.announce(owner.agent);
    await watching.until(({ out }) => out.includes('signed-out'));
    const { out } = await watching.end('SIGINT');
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { session: { kind: string } }).session.kind)).toEqual([
      'signed-in',
      'signed-out',
    ]);
  });

  test('exits with 0 when its reader has gone', async () => {
    const watching = home.tokentray.start('status', '--watch');
    await watching.until(({ out }) => out.includes('Signed in as Ada'));
    watching.stopReading();
    owner.agent.status = { ...signedIn, session: { kind: 'signed-out' } };
    owner.profiles.announce(owner.agent);
    expect(await watching.end()).toMatchObject({ code: 0, err: '' });
  });

  test('shows on a terminal that it is waiting for a host that is starting', async () => {
    await owner.close();
    owner = await ownHome(home.places, { profiles: () => new Promise(() => undefined) });
    const keys = [{ after: 'Waiting for Tokentray', type: '\u0003' }];
    expect(await home.tokentray.runOnTerminal(['status', '--watch'], keys)).toMatchObject({ code: 0 });
  });

  test('says so when the host quits, and exits with 13', async () => {
    const watching = home.tokentray.start('status', '--watch');
    await watching.until(({ out }) => out.includes('Signed in'));
    await owner.close();
    const { code, err } = await watching.end();
    expect(code).toBe(13);
    expect(err).toContain('Tokentray is not running.');
    owner = await ownHome(home.places);
  });
});
