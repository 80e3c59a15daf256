import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccessToken } from '../../../src/agent/status/account.ts';
import type { TokenAnswer } from '../../../src/agent/refresh/lifetime.ts';
import { problem } from '../../../src/words/problem.ts';
import { Profiles } from '../../../src/agent/profiles.ts';
import { initialStatus, type Status } from '../../../src/agent/status/status.ts';
import type { TokenFile } from '../../../src/config/profile/profile.ts';
import { TokenFiles } from '../../../src/outlets/token-files/token-files.ts';
import { Secret } from '../../../src/system/secret.ts';
import { answerOf, decisions, nameOf } from '../../agent/fixtures/decision-table.ts';
import { serverError } from '../../agent/fixtures/fake-authority.ts';
import { makeAgent, memoryLog, signIn } from '../../agent/fixtures/fixture.ts';
import { until } from '../../house/fixtures/until.ts';
import {
  ada,
  fakeAgent,
  fakeProfiles,
  NOON,
  profile,
  TOKEN,
  token,
  type FakeAgent,
  type FakeProfiles,
} from '../fixtures/fake-agent.ts';

const isRoot = process.getuid?.() === 0;
const HOUR = 3_600_000;
const signedOut: Status = initialStatus;
const revoked = needed('revoked');
const disabled: Status = {
  ...initialStatus,
  session: { kind: 'signed-in', account: ada, expiresOn: token.expiresOn },
  health: {
    kind: 'configuration',
    reason: problem('admin', 'account-disabled', { detail: 'AADSTS50057' }),
  },
};

function needed(code: 'revoked' | 'interaction'): Status {
  const reason = problem('interaction', code, { detail: 'AADSTS50173' });
  return {
    ...initialStatus,
    session: { kind: 'sign-in-needed', account: ada, expiresOn: token.expiresOn, reason },
  };
}

const given = (more: Partial<AccessToken> = {}): TokenAnswer => ({
  kind: 'token',
  token: { ...token, ...more },
  warning: undefined,
});
const newer = given({ value: new Secret('newer-token'), expiresOn: NOON + 2 * HOUR });

let directory: string;
let places: { stateDirectory: string };
let now: number;
let agent: FakeAgent;
let profiles: FakeProfiles;
let logged: unknown[];
const running: TokenFiles[] = [];
const mounted: string[] = [];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'files-'));
  places = { stateDirectory: path.join(directory, 'state') };
  mkdirSync(path.join(directory, 'out'));
  now = NOON;
  agent = fakeAgent();
  profiles = fakeProfiles(agent);
  logged = [];
});
afterEach(async () => {
  for (const files of running.splice(0)) await files.stop();
  for (const place of mounted.splice(0)) execFileSync('umount', [place]);
});

const target = (name = 'token'): string => path.join(directory, 'out', name);
const file = (more: Partial<TokenFile> = {}): TokenFile => ({
  path: target(),
  profile: 'default',
  scopes: undefined,
  format: 'bare',
  ...more,
});

async function run(...files: TokenFile[]): Promise<TokenFiles> {
  const started = new TokenFiles({ profiles, files, places, now: () => now, log: memoryLog(logged) });
  running.push(started);
  await started.start();
  return started;
}

/** The host ends, and another one begins with the same places. */
async function restart(files: TokenFile[], more: { killed?: 'yes' } = {}): Promise<TokenFiles> {
  if (more.killed === undefined) for (const before of running.splice(0)) await before.stop();
  profiles = fakeProfiles(agent);
  return run(...files);
}

const become = (status: Status): void => {
  agent.status = status;
  profiles.announce(agent);
};
const read = (place = target()): string => readFileSync(place, 'utf8');
const holds = (text: string, place = target()): Promise<void> => until(() => expect(read(place)).toBe(text));
const gone = (place = target()): Promise<void> =>
  until(() => {
    expect(existsSync(place)).toBe(false);
    expect(noted()).not.toContain(place);
  });
const noted = (): readonly string[] => {
  const text = readFileSync(path.join(places.stateDirectory, 'token-files.json'), 'utf8');
  const { files } = JSON.parse(text) as { files: { path: string }[] };
  return files.map((one) => one.path);
};
/** No event shows that nothing happened: a file beside it shows that the look is over. */
const lookedAt = async (files: TokenFiles, code: string): Promise<void> => {
  await until(() => {
    expect(files.troubles('default').map((trouble) => trouble.code)).toContain(code);
  });
};

describe('a token file', () => {
  test('holds the token as soon as the host runs, for its user only', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    expect(lstatSync(target()).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(target()))).toEqual(['token']);
  });

  test('holds every new token, and a file that nothing happens to is not written again', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    const { ino } = lstatSync(target());
    profiles.announce(agent);
    agent.answer = newer;
    await holds(`${TOKEN}\n`);
    expect(lstatSync(target()).ino).toBe(ino);
    profiles.announce(agent);
    await holds('newer-token\n');
  });

  test('is written again after it was removed', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    rmSync(target());
    profiles.announce(agent);
    await holds(`${TOKEN}\n`);
  });

  test.each<[TokenFile['format'], RegExp]>([
    ['bare', /^head-[^\n]*\n$/u],
    ['env', /^ACCESS_TOKEN=head-[^\n"']*\n$/u],
    ['json', /^\{"schemaVersion":1,"accessToken":"head-.*"expires_on":\d+.*"ada@example.org".*\}\n$/u],
  ])('is written as %s', async (format, shape) => {
    await run(file({ format }));
    await until(() => expect(read()).toMatch(shape));
  });

  test('a token that env files read differently is not written as one', async () => {
    agent.answer = given({ value: new Secret('a b\nPATH=/evil') });
    const files = await run(file({ format: 'env' }));
    await lookedAt(files, 'token-file.refused');
    expect(existsSync(target())).toBe(false);
  });

  test('of further scopes is asked for, the profile’s own only read', async () => {
    await run(file(), file({ path: target('mail'), scopes: ['Mail.Read'] }));
    await holds(`${TOKEN}\n`, target('mail'));
    expect(agent.requests).toEqual([{ minLifetimeMs: 1 }, { scopes: ['Mail.Read'] }]);
  });

  test('of a scope that needs consent is not asked for at every look', async () => {
    agent.answer = { kind: 'refused', problem: problem('interaction', 'consent', { detail: 'x' }) };
    const files = await run(file({ scopes: ['Mail.Read'] }));
    await lookedAt(files, 'consent');
    for (let look = 0; look < 5; look += 1) {
      now += 35_000;
      profiles.announce(agent);
    }
    expect(agent.requests).toHaveLength(1);
    now += 3 * 60_000;
    profiles.announce(agent);
    expect(agent.requests).toHaveLength(2);
    expect(logged.filter((line) => JSON.stringify(line).includes('consent'))).toHaveLength(1);
  });

  test('belongs to its profile', async () => {
    const work = fakeAgent({ id: 'work' });
    work.answer = newer;
    profiles.agents = [agent, work];
    await run(file(), file({ path: target('work'), profile: 'work' }));
    await holds('newer-token\n', target('work'));
    await holds(`${TOKEN}\n`);
  });
});

describe('a token file ends', () => {
  test.each([
    ['at sign-out', signedOut],
    ['when the session was revoked', revoked],
    ['when the account is disabled', disabled],
  ])('%s', async (_when, status) => {
    await run(file());
    await holds(`${TOKEN}\n`);
    become(status);
    await gone();
  });

  test('when its token expires and cannot be renewed', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    agent.answer = { kind: 'refused', problem: problem('transient', 'throttled') };
    now = token.expiresOn - 1;
    profiles.announce(agent);
    await holds(`${TOKEN}\n`);
    now = token.expiresOn;
    profiles.announce(agent);
    await gone();
  });

  test('but stays while a sign-in is only needed, and when the host ends', async () => {
    const files = await run(file());
    await holds(`${TOKEN}\n`);
    become(needed('interaction'));
    await files.stop();
    expect(read()).toBe(`${TOKEN}\n`);
  });

  test.each([
    ['the sign-out', signedOut],
    ['the revocation', revoked],
  ])('a token that comes after %s is not written', async (_what, status) => {
    const files = await run(file({ scopes: ['Mail.Read'] }));
    await holds(`${TOKEN}\n`);
    let arrive: (answer: TokenAnswer) => void = () => undefined;
    agent.answer = new Promise((resolve) => (arrive = resolve));
    profiles.announce(agent);
    become(status);
    await gone();
    arrive(newer);
    await new Promise(setImmediate);
    await files.stop();
    expect(existsSync(target())).toBe(false);
  });

  test('but content written by another program is left alone', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    writeFileSync(target(), 'my own notes');
    become(signedOut);
    await until(() => expect(noted()).toEqual([]));
    expect(read()).toBe('my own notes');
  });

  test('when it is not configured any more', async () => {
    const files = await run(file(), file({ path: target('other') }));
    await holds(`${TOKEN}\n`, target('other'));
    await files.replace([file()]);
    expect(existsSync(target('other'))).toBe(false);
    expect(read()).toBe(`${TOKEN}\n`);
    await files.replace([file({ format: 'env' })]);
    await holds(`ACCESS_TOKEN=${TOKEN}\n`);
  });
});

describe('after a restart', () => {
  test('a valid token stays, and an expired one is removed', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    agent.answer = { kind: 'refused', problem: problem('transient', 'throttled') };
    await restart([file()]);
    expect(read()).toBe(`${TOKEN}\n`);
    now = token.expiresOn;
    await restart([file()]);
    await gone();
  });

  test('so it is for a process that was killed, also between noting and writing', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    const record = path.join(places.stateDirectory, 'token-files.json');
    expect(lstatSync(record).mode & 0o777).toBe(0o600);
    expect(readFileSync(record, 'utf8')).not.toContain(TOKEN);
    // The next token is noted, the old one still in the file.
    const place = target();
    agent.answer = newer;
    profiles.announce(agent);
    await holds('newer-token\n');
    writeFileSync(place, `${TOKEN}\n`);
    agent.answer = { kind: 'refused', problem: problem('transient', 'throttled') };
    now = token.expiresOn;
    await restart([file()], { killed: 'yes' });
    await until(() => expect(existsSync(place)).toBe(false));
  });

  test('temporary files of a killed process are removed, others are not', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    const { prefix } = await leftoverName();
    writeFileSync(path.join(directory, 'out', `${prefix}aaaaaaaaaaaa`), TOKEN);
    writeFileSync(path.join(directory, 'out', '.tokentray-of-somebody-else'), 'x');
    await restart([file()]);
    expect(readdirSync(path.join(directory, 'out')).toSorted()).toEqual([
      '.tokentray-of-somebody-else',
      'token',
    ]);
  });

  test('a file that is no longer in the settings is removed', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    await restart([]);
    await gone();
  });

  test('a host with unknown settings touches no file until it knows them', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    for (const before of running.splice(0)) await before.stop();
    const files = new TokenFiles({ profiles, files: undefined, places, now: () => now, log: memoryLog([]) });
    running.push(files);
    await files.start();
    profiles.announce(agent);
    expect(read()).toBe(`${TOKEN}\n`);
    expect(noted()).toEqual([target()]);
    await files.replace([]);
    await gone();
  });

  test('after a sign-out while no host ran there is no token file', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    agent.status = signedOut;
    await restart([file()]);
    await gone();
  });

  test('a locked keyring is not a sign-out: the file stays until its token expires', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    const reason = problem('storage', 'storage.locked', { detail: 'locked' });
    agent.status = { ...signedOut, storage: { kind: 'trouble', reason } };
    const files = await restart([file()]);
    profiles.announce(agent);
    await files.stop();
    expect(read()).toBe(`${TOKEN}\n`);
    await restart([file()]);
    now = token.expiresOn;
    profiles.announce(agent);
    await gone();
  });

  test('an expired file is removed although its profile is not there any more', async () => {
    await run(file());
    await holds(`${TOKEN}\n`);
    now = token.expiresOn;
    profiles = fakeProfiles();
    await run(file());
    await gone();
  });

  test('a damaged record does not prevent the start', async () => {
    mkdirSync(places.stateDirectory);
    writeFileSync(path.join(places.stateDirectory, 'token-files.json'), '\0\0{');
    await run(file());
    await holds(`${TOKEN}\n`);
  });
});

/** The name of a temporary file of ours, seen while a write is held up by a full file system. */
async function leftoverName(): Promise<{ prefix: string }> {
  const { createHash } = await import('node:crypto');
  return { prefix: `.tokentray-${createHash('sha256').update('token').digest('hex').slice(0, 12)}-` };
}

describe('nothing is written', () => {
  /** The problem is logged once, with the path and without the token. */
  async function refused(code: string, found: string): Promise<void> {
    const files = await run(file());
    await lookedAt(files, code);
    profiles.announce(agent);
    await lookedAt(files, code);
    expect(JSON.stringify(files.troubles('default'))).toContain(found);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(TOKEN);
  }

  test('through or over a symbolic link', async () => {
    const elsewhere = path.join(directory, 'precious');
    writeFileSync(elsewhere, 'precious');
    symlinkSync(elsewhere, target());
    await refused('token-file.refused', 'symbolic link');
    expect(read(elsewhere)).toBe('precious');
    expect(lstatSync(target()).isSymbolicLink()).toBe(true);
  });

  test('over a directory', async () => {
    mkdirSync(target());
    await refused('token-file.refused', 'not a regular file');
  });

  test('over a pipe, which would give the token to any reader', async () => {
    execFileSync('mkfifo', [target()]);
    await refused('token-file.refused', 'not a regular file');
  });

  test.runIf(isRoot)('over somebody else’s file', async () => {
    writeFileSync(target(), 'theirs');
    chownSync(target(), 12345, 12345);
    await refused('token-file.refused', 'user with ID 12345');
    expect(read()).toBe('theirs');
  });

  test('where the directory is not there: it is not made', async () => {
    rmSync(path.dirname(target()), { recursive: true });
    await refused('token-file.refused', 'does not exist');
    expect(existsSync(path.dirname(target()))).toBe(false);
  });

  test('where everybody may replace files, unless the directory is sticky', async () => {
    chmodSync(path.dirname(target()), 0o777);
    await refused('token-file.refused', 'any user');
    chmodSync(path.dirname(target()), 0o1777);
    profiles.announce(agent);
    await holds(`${TOKEN}\n`);
  });

  test.runIf(isRoot)('where the file system is read-only, and the next look tries again', async () => {
    const out = path.dirname(target());
    mount(out, 'size=64k,ro');
    await refused('token-file.write', 'EROFS');
    execFileSync('mount', ['-o', 'remount,rw', out]);
    profiles.announce(agent);
    await holds(`${TOKEN}\n`);
    await expect.poll(() => running[0]?.troubles('default')).toEqual([]);
  });

  test.runIf(isRoot)('on a full disk: the old token stays, and nothing half is left', async () => {
    const out = path.dirname(target());
    mount(out, 'size=64k');
    await run(file());
    await holds(`${TOKEN}\n`);
    writeFileSync(path.join(out, 'ballast'), 'x'.repeat(60_000));
    agent.answer = given({ value: new Secret('n'.repeat(9_000)) });
    profiles.announce(agent);
    await lookedAt(running[0]!, 'token-file.write');
    expect(read()).toBe(`${TOKEN}\n`);
    expect(readdirSync(out).toSorted()).toEqual(['ballast', 'token']);
    rmSync(path.join(out, 'ballast'));
    profiles.announce(agent);
    await holds(`${'n'.repeat(9_000)}\n`);
  });

  test('a record that cannot be written is reported, and the token is written nevertheless', async () => {
    writeFileSync(places.stateDirectory, 'a file in the way');
    const files = await run(file());
    await holds(`${TOKEN}\n`);
    await lookedAt(files, 'file-system');
    become(signedOut);
    await until(() => expect(existsSync(target())).toBe(false));
  });
});

function mount(place: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]);
  mounted.push(place);
}

describe('with a real agent', () => {
  test('the file follows sign-in, renewal, revocation, the next sign-in and sign-out', async () => {
    const harness = makeAgent({ profile });
    const sessions = new Profiles(() => harness.agent);
    await sessions.apply({ profiles: [profile], defaultProfile: undefined });
    const files = new TokenFiles({
      profiles: sessions,
      files: [file()],
      places,
      now: Date.now,
      log: memoryLog(logged),
    });
    running.push(files);
    await files.start();
    expect(existsSync(target())).toBe(false);

    const current = async (): Promise<string> => {
      const answer = await harness.agent.getToken({ minLifetimeMs: 1 });
      return answer.kind === 'token' ? `${answer.token.value.reveal()}\n` : '';
    };
    await signIn(harness);
    const first = await current();
    await holds(first);
    await harness.agent.getToken({ fresh: 'always' });
    expect(await current()).not.toBe(first);
    await holds(await current());

    harness.authority.onRenew = () => Promise.reject(serverError(50173));
    await harness.agent.getToken({ fresh: 'always' });
    expect(harness.agent.status.session.kind).toBe('sign-in-needed');
    await gone();
    await signIn(harness);
    await holds(await current());
    await harness.agent.signOut();
    await gone();
    sessions.stop();
    expect(files.troubles('default')).toEqual([]);
  });
});

describe('the file gets what a caller gets', () => {
  test.each(decisions.filter(({ asked }) => asked === 'wish').map((row) => [nameOf(row), row] as const))(
    '%s',
    async (_name, row) => {
      agent.answer = answerOf(row, NOON);
      await run(file({ scopes: ['Mail.Read'] }));
      if (row.gets === 'refusal') {
        await lookedAt(running[0]!, row.problem!.code);
        expect(existsSync(target())).toBe(false);
      } else {
        await holds(`${row.gets === 'new token' ? 'new-token' : 'old-token'}\n`);
      }
    },
  );
});
