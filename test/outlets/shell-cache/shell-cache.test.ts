import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccessToken } from '../../../src/agent/status/account.ts';
import type { TokenAnswer } from '../../../src/agent/refresh/lifetime.ts';
import { problem } from '../../../src/words/problem.ts';
import { initialStatus, type Status } from '../../../src/agent/status/status.ts';
import { shellCacheText } from '../../../src/outlets/shell-cache/text.ts';
import { ShellCache } from '../../../src/outlets/shell-cache/shell-cache.ts';
import { Secret } from '../../../src/system/secret.ts';
import { memoryLog } from '../../agent/fixtures/fixture.ts';
import { canMount, mountSmallDisk } from '../../vault/fixtures/small-disk.ts';
import { until } from '../../house/fixtures/until.ts';
import {
  ada,
  fakeAgent,
  fakeProfiles,
  NOON,
  TOKEN,
  token,
  type FakeAgent,
  type FakeProfiles,
} from '../fixtures/fake-agent.ts';

const MINUTE = 60_000;
const UPTIME_SECONDS = 5_000;
/** The token is good for an hour, and ten minutes are wished for. */
const DEADLINE_SECONDS = UPTIME_SECONDS + 50 * 60;

const given = (more: Partial<AccessToken> = {}): TokenAnswer => ({
  kind: 'token',
  token: { ...token, ...more },
  warning: undefined,
});
const signedInUntil = (expiresOn: number): Status => ({
  ...initialStatus,
  session: { kind: 'signed-in', account: ada, expiresOn },
});
const needed = (code: 'revoked' | 'interaction'): Status => ({
  ...initialStatus,
  session: {
    kind: 'sign-in-needed',
    account: ada,
    expiresOn: token.expiresOn,
    reason: problem('interaction', code, { detail: 'AADSTS50173' }),
  },
});

let xdg: string;
let runtimeDirectory: string;
let now: number;
let agent: FakeAgent;
let profiles: FakeProfiles;
let logged: unknown[];
const running: ShellCache[] = [];

beforeEach(() => {
  xdg = mkdtempSync('/dev/shm/tt-');
  runtimeDirectory = path.join(xdg, 'tokentray');
  now = NOON;
  agent = fakeAgent();
  profiles = fakeProfiles(agent);
  logged = [];
});
afterEach(async () => {
  for (const cache of running.splice(0)) await cache.close();
  rmSync(xdg, { recursive: true, force: true });
});

function makeCache(more: { env?: NodeJS.ProcessEnv; platform?: NodeJS.Platform } = {}): ShellCache {
  const { env = { XDG_RUNTIME_DIR: xdg }, platform = 'linux' } = more;
  const cache = new ShellCache({
    profiles,
    places: { runtimeDirectory },
    now: () => now,
    log: memoryLog(logged),
    machine: { platform, env },
    uptime: () => UPTIME_SECONDS + (now - NOON) / 1000,
  });
  running.push(cache);
  return cache;
}
async function run(): Promise<ShellCache> {
  const cache = makeCache();
  await cache.apply('on');
  return cache;
}

const directory = (): string => path.join(runtimeDirectory, 'shell');
const names = (): string[] => (existsSync(directory()) ? readdirSync(directory()).sort() : []);
const fileOf = (name = 'default'): string => path.join(directory(), name);
const read = (name = 'default'): string => readFileSync(fileOf(name), 'utf8');
const textOf = (value: string, deadline = DEADLINE_SECONDS): string =>
  `tokentray_deadline=${deadline}\ntokentray_token='${value}'\n`;
const holds = (text: string, name = 'default'): Promise<void> => until(() => expect(read(name)).toBe(text));
/** What the front compares: the file, and its writer's descriptor. */
const isOwned = (name = 'default'): boolean =>
  statSync(fileOf(name)).ino === statSync(`${fileOf(name)}@owner`).ino;
const become = (status: Status, whose = agent): void => {
  whose.status = status;
  profiles.announce(whose);
};

describe('the shell’s cache', () => {
  test('holds the token and its deadline for its user only, with a link to its living writer', async () => {
    const cache = await run();
    expect(cache.state).toEqual({ kind: 'on', directory: directory() });
    expect(names()).toEqual(['default', 'default@owner', 'profile-default', 'profile-default@owner']);
    for (const name of ['default', 'profile-default']) {
      expect(read(name)).toBe(textOf(TOKEN));
      expect(lstatSync(fileOf(name)).mode & 0o777).toBe(0o600);
      expect(readlinkSync(`${fileOf(name)}@owner`)).toMatch(
        new RegExp(`^/proc/${process.pid}/fd/\\d+$`, 'u'),
      );
      expect(isOwned(name)).toBe(true);
    }
    expect(lstatSync(directory()).mode & 0o777).toBe(0o700);
  });

  test('has a file for each profile, and follows the default', async () => {
    const work = fakeAgent({ id: 'work' });
    work.answer = given({ value: new Secret('work-token') });
    profiles.agents.push(work);
    const cache = await run();
    expect([read(), read('profile-default'), read('profile-work')]).toEqual([
      textOf(TOKEN),
      textOf(TOKEN),
      textOf('work-token'),
    ]);
    profiles.defaultId = 'work';
    await cache.apply('on');
    expect(read()).toBe(textOf('work-token'));
    profiles.agents = [agent];
    profiles.defaultId = 'default';
    await cache.apply('on');
    expect(names()).not.toContain('profile-work');
    expect(read()).toBe(textOf(TOKEN));
  });

  test('a removed profile’s files go with the next announcement', async () => {
    const work = fakeAgent({ id: 'work' });
    profiles.agents.unshift(work);
    await run();
    expect(names()).toContain('profile-work');
    profiles.agents = [agent];
    profiles.announce(agent);
    expect(names()).toEqual(['profile-default', 'profile-default@owner']);
    await holds(textOf(TOKEN));
  });

  test('a new token replaces the old one; where nothing happens nothing is written', async () => {
    await run();
    const { ino } = lstatSync(fileOf());
    now += MINUTE;
    profiles.announce(agent);
    agent.answer = given({ value: new Secret('newer'), expiresOn: NOON + 120 * MINUTE });
    await holds(textOf(TOKEN));
    expect(lstatSync(fileOf()).ino).toBe(ino);
    become(signedInUntil(NOON + 120 * MINUTE));
    await holds(textOf('newer', UPTIME_SECONDS + 110 * 60));
    expect(isOwned()).toBe(true);
  });

  test('uses only tokens in memory, and renews nothing', async () => {
    await run();
    expect(agent.requests).toEqual([{ minLifetimeMs: 1 }]);
    agent.requests.length = 0;
    now = token.expiresOn;
    profiles.announce(agent);
    await until(() => expect(names()).toEqual([]));
    expect(agent.requests).toEqual([]);
  });

  test.each([
    ['signed out', initialStatus],
    ['revoked', needed('revoked')],
  ])('is gone as soon as the session is reported as %s', async (_name, status) => {
    await run();
    become(status);
    expect(names()).toEqual([]);
  });

  test('a token requested during a sign-out is not written', async () => {
    let answer: (given: TokenAnswer) => void = () => undefined;
    agent.answer = new Promise((resolve) => (answer = resolve));
    const cache = makeCache();
    const applied = cache.apply('on');
    await until(() => expect(agent.requests).toHaveLength(1));
    become(initialStatus);
    answer(given());
    await applied;
    expect(names()).toEqual([]);
  });

  test('stays while a sign-in is needed but enough is left, until less is left than is wished', async () => {
    await run();
    become(needed('interaction'));
    await holds(textOf(TOKEN));
    now = NOON + 50 * MINUTE - 1;
    profiles.announce(agent);
    await holds(textOf(TOKEN));
    now = NOON + 50 * MINUTE + 1;
    profiles.announce(agent);
    await until(() => expect(names()).toEqual([]));
  });

  test('a clock that jumps ahead brings the deadline nearer; one that is set back does not move it', async () => {
    let clock = NOON;
    const cache = new ShellCache({
      profiles,
      places: { runtimeDirectory },
      now: () => clock,
      log: memoryLog(logged),
      machine: { platform: 'linux', env: { XDG_RUNTIME_DIR: xdg } },
      uptime: () => UPTIME_SECONDS,
    });
    running.push(cache);
    await cache.apply('on');
    clock = NOON + 20 * MINUTE;
    profiles.announce(agent);
    await holds(textOf(TOKEN, DEADLINE_SECONDS - 20 * 60));
    clock = NOON + 1 * MINUTE;
    profiles.announce(agent);
    await cache.apply('on');
    expect(read()).toBe(textOf(TOKEN, DEADLINE_SECONDS - 20 * 60));
  });

  test('is deleted when the host ends, and when it is switched off', async () => {
    const cache = await run();
    await cache.apply('off');
    expect(names()).toEqual([]);
    expect(cache.state).toEqual({ kind: 'off' });
    profiles.announce(agent);
    expect(profiles.watching).toBe(0);
    await cache.apply('on');
    await cache.close();
    expect(names()).toEqual([]);
  });

  test('switched off it writes nothing, and removes the files of a dead process', async () => {
    const cache = makeCache();
    await cache.apply('off');
    expect(existsSync(runtimeDirectory)).toBe(false);
    mkdirSync(directory(), { recursive: true, mode: 0o700 });
    writeFileSync(fileOf(), textOf('left behind'));
    await cache.apply('off');
    expect(names()).toEqual([]);
  });

  test('a host that exits before its settings are known touches nothing', async () => {
    mkdirSync(directory(), { recursive: true, mode: 0o700 });
    writeFileSync(fileOf(), textOf('left behind'));
    await makeCache().close();
    expect(names()).toEqual(['default']);
  });

  describe('beside another living owner (the runtime directory was removed under one)', () => {
    /** The cache of a second host, with its own profiles. */
    async function successor(): Promise<ShellCache> {
      const other = fakeAgent();
      other.answer = given({ value: new Secret('of-the-successor') });
      const cache = new ShellCache({
        profiles: fakeProfiles(other),
        places: { runtimeDirectory },
        now: () => now,
        log: memoryLog(logged),
        machine: { platform: 'linux', env: { XDG_RUNTIME_DIR: xdg } },
        uptime: () => UPTIME_SECONDS,
      });
      running.push(cache);
      await cache.apply('on');
      return cache;
    }

    test.each<[string, (cache: ShellCache) => Promise<void> | void]>([
      ['ends', (cache) => cache.close()],
      ['is switched off', (cache) => cache.apply('off')],
      ['is signed out', () => become(initialStatus)],
    ])('one that %s leaves the files of the other', async (_what, end) => {
      const loser = await run();
      rmSync(runtimeDirectory, { recursive: true });
      await successor();
      await end(loser);
      expect(names()).toEqual(['default', 'default@owner', 'profile-default', 'profile-default@owner']);
      for (const name of ['default', 'profile-default']) {
        expect(read(name)).toBe(textOf('of-the-successor'));
        expect(isOwned(name)).toBe(true);
      }
    });

    test('one that begins removes what dead ones left, and nothing of the living', async () => {
      await run();
      writeFileSync(fileOf('profile-gone'), textOf('left behind'));
      symlinkSync('/proc/1/fd/1', fileOf('profile-gone@owner'));
      const late = makeCache();
      agent.status = initialStatus;
      await late.apply('on');
      expect(names()).toEqual(['default', 'default@owner', 'profile-default', 'profile-default@owner']);
    });
  });

  test('removed files are written again at the next look, also with their directory', async () => {
    const cache = await run();
    rmSync(fileOf());
    profiles.announce(agent);
    await holds(textOf(TOKEN));
    expect(isOwned()).toBe(true);
    rmSync(runtimeDirectory, { recursive: true });
    profiles.announce(agent);
    await holds(textOf(TOKEN));
    await holds(textOf(TOKEN), 'profile-default');
    expect(lstatSync(directory()).mode & 0o777).toBe(0o700);
    expect(cache.state.kind).toBe('on');
  });

  test('files of a dead process are removed, also if no user is signed in', async () => {
    mkdirSync(directory(), { recursive: true, mode: 0o700 });
    writeFileSync(fileOf('profile-gone'), textOf('left behind'));
    symlinkSync('/proc/1/fd/1', fileOf('profile-gone@owner'));
    agent.status = initialStatus;
    await run();
    expect(names()).toEqual([]);
  });
});

describe('no token that a shell must not read', () => {
  test.each(["it's", '$(id)', '`id`', 'a b', 'a\nb', 'a"b', 'a\\b', 'a;b', '-n', '', 'é', 'a\0b'])(
    'is written: %j',
    async (value) => {
      await run();
      agent.answer = given({ value: new Secret(value) });
      profiles.announce(agent);
      await until(() => expect(names()).toEqual([]));
    },
  );

  test('is kept longer than it lives, whatever the clock says', () => {
    // Three minutes back are a correction; an hour back and nothing is known.
    expect(shellCacheText(token, NOON - 3 * MINUTE, UPTIME_SECONDS)?.deadlineSeconds).toBe(DEADLINE_SECONDS);
    expect(shellCacheText(token, NOON - 60 * MINUTE, UPTIME_SECONDS)).toBeUndefined();
  });

  test('half of a short life is wished for', () => {
    const short = { ...token, expiresOn: NOON + 4 * MINUTE };
    expect(shellCacheText(short, NOON, UPTIME_SECONDS)?.deadlineSeconds).toBe(UPTIME_SECONDS + 120);
  });
});

describe('unavailable, with a reason', () => {
  const reasonOf = async (cache: ShellCache): Promise<string> => {
    await cache.apply('on');
    return cache.state.kind === 'unavailable' ? cache.state.reason : cache.state.kind;
  };

  test('on another system, with TOKENTRAY_HOME, and without a runtime directory', async () => {
    expect(await reasonOf(makeCache({ platform: 'darwin' }))).toContain('Linux only');
    const env = { XDG_RUNTIME_DIR: xdg, TOKENTRAY_HOME: xdg };
    expect(await reasonOf(makeCache({ env }))).toContain('TOKENTRAY_HOME');
    runtimeDirectory = '/tmp/tokentray-0';
    expect(await reasonOf(makeCache({ env: {} }))).toContain('XDG_RUNTIME_DIR');
    expect(logged).toHaveLength(3);
  });

  test('where the directory is on a disk', async () => {
    runtimeDirectory = path.join(mkdtempSync(path.join(tmpdir(), 'disk-')), 'tokentray');
    expect(await reasonOf(makeCache())).toContain('is not in memory');
    expect(existsSync(directory())).toBe(false);
  });

  test('where others may enter the directory', async () => {
    mkdirSync(runtimeDirectory, { mode: 0o700 });
    mkdirSync(directory());
    execFileSync('chmod', ['755', directory()]);
    expect(await reasonOf(makeCache())).toContain('755');
    expect(names()).toEqual([]);
  });

  test.runIf(canMount)(
    'where the tmpfs is full, until it no longer is (as root: it takes a mount)',
    async () => {
      mkdirSync(runtimeDirectory, { mode: 0o700 });
      const disk = mountSmallDisk(64, runtimeDirectory);
      try {
        mkdirSync(directory(), { mode: 0o700 });
        disk.fill();
        const cache = await run();
        expect(cache.state).toEqual({ kind: 'unavailable', reason: 'ENOSPC' });
        await cache.apply('on');
        expect(names()).toEqual([]);
        expect(logged).toEqual([['warn', 'shell cache', { reason: 'ENOSPC' }]]);
        disk.free();
        profiles.announce(agent);
        await holds(textOf(TOKEN));
        expect(cache.state.kind).toBe('on');
        // A token that does not fit removes the old one too.
        disk.fill();
        agent.answer = given({ value: new Secret('newer') });
        profiles.announce(agent);
        await until(() => expect(names()).toEqual([]));
        await cache.close();
      } finally {
        disk.unmount();
      }
    },
  );
});
