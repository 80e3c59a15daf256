import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { places, thisMachine } from '../../../src/system/places.ts';
import { ShellCacheFile } from '../../../src/outlets/shell-cache/file.ts';
import { ShellCache } from '../../../src/outlets/shell-cache/shell-cache.ts';
import { answerOf, decisions, nameOf } from '../../agent/fixtures/decision-table.ts';
import { fakeAgent, fakeProfiles, signedIn, token, TOKEN } from '../../outlets/fixtures/fake-agent.ts';
import { quiet } from '../../outlets/fixtures/socket-fixture.ts';
import { ownHome, type FakeOwner } from '../fixtures/fake-owner.ts';
import { environmentWithoutKeyring } from '../fixtures/stored-home.ts';

const FRONT = fileURLToPath(new URL('../../../assets/bin/tokentray', import.meta.url));
/** A hang is what this catches. */
const LIMIT_MS = 60_000;
const isRoot = process.getuid?.() === 0;

/** The shells that people have as /bin/sh, each where it is installed; the first two must be. */
const shells = [['dash'], ['bash'], ['bash', '--posix'], ['busybox', 'sh'], ['ksh']].filter(
  ([program = '']) => spawnSync(program, ['-c', ':']).status === 0 || ['dash', 'bash'].includes(program),
);

/** A checkout in which the full command is a program that says what it was given. */
let checkout: string;
let front: string;
/** XDG_RUNTIME_DIR, in memory. */
let xdg: string;
const children: ChildProcess[] = [];

beforeAll(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'front-'));
  for (const folder of ['assets/bin', 'dist/terminal', 'bin'])
    mkdirSync(path.join(checkout, folder), { recursive: true });
  front = path.join(checkout, 'assets/bin/tokentray');
  copyFileSync(FRONT, front);
  writeFileSync(path.join(checkout, 'dist/terminal/tokentray.js'), '');
  writeProgram('node', 'shift; printf "full"; printf " [%s]" "$@"; echo; exit 13');
});
beforeEach(() => {
  xdg = mkdtempSync('/dev/shm/tt-');
  mkdirSync(directory(), { recursive: true, mode: 0o700 });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(xdg, { recursive: true, force: true });
});

function writeProgram(name: string, text: string): void {
  const file = path.join(checkout, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

const directory = (): string => path.join(xdg, 'tokentray/shell');
const fileOf = (name = 'default'): string => path.join(directory(), name);
const uptime = (): number => Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
const textOf = (value = TOKEN, deadline: number | string = uptime() + 600): string =>
  `tokentray_deadline=${deadline}\ntokentray_token='${value}'\n`;
/** As the owner writes it; this process is the owner. */
const hold = (text: string, name = 'default'): void =>
  new ShellCacheFile(directory(), name).write({ text, deadlineSeconds: 0 });
/** Something else is in the very file that the owner has open. */
const spoil = (bytes: string | Buffer): void => {
  hold(textOf());
  writeFileSync(fileOf(), bytes);
};

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the front with nothing but `node` (which only says that it was asked) to be found, unless told otherwise. */
function run(
  args: readonly string[] = ['token'],
  more: { readonly shell?: readonly string[]; readonly env?: NodeJS.ProcessEnv; readonly file?: string } = {},
): Promise<Ended> {
  const { shell = ['dash'], env = {}, file = front } = more;
  const [program = '', ...options] = shell;
  const child = spawn(which(program), [...options, file, ...args], {
    env: { PATH: path.join(checkout, 'bin'), XDG_RUNTIME_DIR: xdg, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return ended(child);
}

async function ended(child: ChildProcess): Promise<Ended> {
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { code, out, err };
}

function which(program: string): string {
  const found = (process.env['PATH'] ?? '').split(':').map((place) => path.join(place, program));
  return found.find((file) => existsSync(file)) ?? program;
}

const answered = (value = TOKEN): Ended => ({ code: 0, out: `${value}\n`, err: '' });
const full = (...args: string[]): Ended => ({
  code: 13,
  out: `full${(args.length === 0 ? ['token'] : args).map((arg) => ` [${arg}]`).join('')}\n`,
  err: '',
});

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'the front under %s',
  (_name, shell) => {
    test('prints the token of the file, with no other program to be found', async () => {
      hold(textOf());
      hold(textOf('work-token'), 'profile-work');
      const env = { PATH: '/nowhere' };
      expect(await run(['token'], { shell, env })).toEqual(answered());
      expect(await run(['token', '--profile', 'work'], { shell, env })).toEqual(answered('work-token'));
      expect(await run(['token', '--profile=work'], { shell, env })).toEqual(answered('work-token'));
    });

    test('leaves an end that has come, a dead writer and a broken file to the full command', async () => {
      expect(await run(['token'], { shell })).toEqual(full());
      hold(textOf(TOKEN, uptime() - 1));
      expect(await run(['token'], { shell })).toEqual(full());
      for (const broken of [`${textOf()}if then\n`, textOf().slice(0, -20), Buffer.alloc(5_000), '']) {
        spoil(broken);
        expect(await run(['token'], { shell })).toEqual(full());
      }
      hold(textOf());
      unlinkSync(`${fileOf()}@owner`);
      symlinkSync(`/proc/${await deadPid()}/fd/3`, `${fileOf()}@owner`);
      expect(await run(['token'], { shell })).toEqual(full());
    });
  },
);

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'close');
  return child.pid ?? 0;
}

describe('what the file cannot answer', () => {
  test.each([
    [],
    ['status'],
    ['token', '--json'],
    ['token', '--scope', 'User.Read'],
    ['token', '--profile'],
    ['token', '--profile', ''],
    ['token', '--profile='],
    ['token', '--profile', 'work', '--json'],
    ['token', '--profile', '../default'],
    ['token', '--profile', 'default@owner'],
    ['token', '--profile', '*'],
    ['token', '--profile', 'nobody'],
    ['token', ''],
    ['token', 'a b', '*'],
  ])('goes to the full command as it was written: %j', async (...args) => {
    hold(textOf());
    hold(textOf(), 'profile-work');
    const wanted = full(...args);
    expect(await run(args)).toEqual(args.length === 0 ? { ...wanted, out: 'full []\n' } : wanted);
  });

  test('goes there with TOKENTRAY_HOME, whose file is nowhere that the front knows', async () => {
    hold(textOf());
    expect(await run(['token'], { env: { TOKENTRAY_HOME: xdg } })).toEqual(full());
    expect(await run(['token'], { env: { TOKENTRAY_HOME: '' } })).toEqual(answered());
  });
});

describe('a file that must not be believed', () => {
  /** Holds the file open as its writer does, in a process of its own; its number, and the descriptor's. */
  async function otherOwner(file: string): Promise<ChildProcess> {
    const child = spawn('bash', ['-c', 'exec 9<"$1"; echo ready; exec sleep 100', '-', file]);
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  }
  const owner = (pid: number | undefined): void =>
    symlinkSync(`/proc/${String(pid)}/fd/9`, `${fileOf()}@owner`);

  test('is ignored as soon as its writer is killed', async () => {
    writeFileSync(fileOf(), textOf());
    const child = await otherOwner(fileOf());
    owner(child.pid);
    expect(await run()).toEqual(answered());
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await run()).toEqual(full());
  });

  test('is ignored when another program has got the number of its dead writer', async () => {
    writeFileSync(fileOf(), textOf());
    const other = path.join(xdg, 'other');
    writeFileSync(other, textOf());
    owner((await otherOwner(other)).pid);
    expect(await run()).toEqual(full());
  });

  test('is ignored when it was put in the place of the writer’s', async () => {
    hold(textOf());
    writeFileSync(`${fileOf()}.new`, textOf('planted'));
    renameSync(`${fileOf()}.new`, fileOf());
    expect(await run()).toEqual(full());
  });

  test('is ignored when it is a link', async () => {
    hold(textOf(), 'profile-work');
    symlinkSync(fileOf('profile-work'), fileOf());
    symlinkSync(fileOf('profile-work@owner'), `${fileOf()}@owner`);
    expect(await run()).toEqual(full());
  });

  test.runIf(isRoot)('is ignored when it is somebody else’s (as root: it takes a second user)', async () => {
    hold(textOf());
    chownSync(fileOf(), 65534, 65534);
    expect(await run()).toEqual(full());
  });

  const elsewhere = (directory: string): void => {
    const moved = path.join(xdg, 'moved');
    renameSync(directory, moved);
    symlinkSync(moved, directory);
  };

  test.each(['tokentray', 'tokentray/shell'])('is ignored when %s is a link', async (name) => {
    hold(textOf());
    elsewhere(path.join(xdg, name));
    expect(await run()).toEqual(full());
  });

  test.runIf(isRoot).each(['', 'tokentray', 'tokentray/shell'])(
    'is ignored in a directory of somebody else, who could put another in its place (as root): “%s”',
    async (name) => {
      hold(textOf());
      chownSync(path.join(xdg, name), 65534, 65534);
      expect(await run()).toEqual(full());
    },
  );

  test.each([
    ['no deadline', "tokentray_token='x'\n"],
    ['no token', textOf().split('\n')[0] ?? ''],
    ['a deadline that is no number', textOf(TOKEN, '12x')],
    ['a deadline in a thousand years', textOf(TOKEN, 99_999_999_999)],
    ['a token with a space', textOf('a b')],
    ['a token with a line break', textOf('a\nb')],
    ['a token with a dollar', textOf('$HOME')],
    ['a token that echo takes for an option', textOf('-n')],
    ['an empty token', textOf('')],
    ['half a megabyte of one letter', 'a'.repeat(500_000)],
    ['a megabyte of nothing', Buffer.alloc(1_000_000)],
  ])('is ignored with %s', async (_what, bytes) => {
    spoil(bytes);
    // Nor does the caller's environment stand in for what is missing.
    const env = { tokentray_token: 'planted', tokentray_deadline: '9999999999' };
    expect(await run(['token'], { env })).toEqual(full());
  });

  test('never gives half of a token while it is replaced again and again', async () => {
    const cache = new ShellCacheFile(directory(), 'default');
    const [one, other] = ['1'.repeat(2_000), '2'.repeat(2_000)];
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
      cache.write({ text: textOf(turns % 2 === 0 ? one : other), deadlineSeconds: 0 });
      if (turns % 5 === 0) cache.remove();
    });
    const outs = new Set<string>();
    for (let asked = 0; asked < 40; asked += 1) {
      const { out, err } = await run();
      expect(err).toBe('');
      outs.add(out);
    }
    clearInterval(timer);
    expect([`${one}\n`, `${other}\n`, full().out]).toEqual(expect.arrayContaining([...outs]));
    expect(turns).toBeGreaterThan(10);
  });

  test('is a file of ShellCache in truth: written at sign-in, gone at sign-out', async () => {
    const agent = fakeAgent();
    const now = token.obtainedAt;
    const profiles = fakeProfiles(agent);
    const cache = new ShellCache({
      profiles,
      places: { runtimeDirectory: path.join(xdg, 'tokentray') },
      now: () => now,
      log: quiet,
      machine: { platform: 'linux', env: { XDG_RUNTIME_DIR: xdg } },
    });
    await cache.apply('on');
    expect(await run()).toEqual(answered());
    agent.status = { ...signedIn, session: { kind: 'signed-out' } };
    profiles.announce(agent);
    expect(await run()).toEqual(full());
    await cache.close();
  });
});

describe('where the front looks', () => {
  test('below /run/user, in what is ours, when XDG_RUNTIME_DIR is not set', async () => {
    hold(textOf());
    const users = path.join(xdg, 'users');
    mkdirSync(users);
    symlinkSync(xdg, path.join(users, '1000'));
    const other = path.join(checkout, 'assets/bin/elsewhere');
    writeFileSync(other, readFileSync(FRONT, 'utf8').replaceAll('/run/user/', `${users}/`));
    for (const XDG_RUNTIME_DIR of ['', 'relative'])
      expect(await run(['token'], { file: other, env: { XDG_RUNTIME_DIR } })).toEqual(answered());
  });

  test('for its program: through a link to a link, in a folder with a space', async () => {
    const place = path.join(xdg, 'a b');
    mkdirSync(place);
    symlinkSync(front, path.join(place, 'one'));
    symlinkSync('one', path.join(place, 'tokentray'));
    const env = { PATH: `${path.join(checkout, 'bin')}:/usr/bin:/bin` };
    expect(await run(['status', 'a b'], { file: path.join(place, 'tokentray'), env })).toEqual(
      full('status', 'a b'),
    );
    const child = spawn('sh', ['tokentray', 'status'], { cwd: place, env });
    expect(await ended(child)).toEqual(full('status'));
  });

  test('says what is missing when there is no Node, or no program', async () => {
    const noNode = await run(['status'], { env: { PATH: '/nowhere' } });
    expect(noNode).toMatchObject({ code: 69, out: '' });
    expect(noNode.err).toContain('Node');
    const alone = path.join(xdg, 'tokentray-alone');
    copyFileSync(FRONT, alone);
    const lost = await run(['status'], { file: alone });
    expect(lost).toMatchObject({ code: 69, out: '' });
    expect(lost.err).toContain('npm run build');
  });
});

describe('without a file, over the socket', () => {
  let owner: FakeOwner;
  let runtime: string;
  const withCurl = (): NodeJS.ProcessEnv => ({
    PATH: `${path.join(checkout, 'bin')}:/usr/bin:/bin`,
    XDG_RUNTIME_DIR: runtime,
  });

  beforeAll(async () => {
    runtime = mkdtempSync(path.join(tmpdir(), 'x-'));
    const env = { XDG_RUNTIME_DIR: runtime, XDG_CONFIG_HOME: runtime, XDG_STATE_HOME: runtime };
    owner = await ownHome(places({ ...thisMachine(), env }));
  });
  beforeEach(() => {
    owner.agent.answer = { kind: 'token', token, warning: undefined };
  });
  afterAll(() => owner.close());

  test('prints the token of the default profile, and of one by name', async () => {
    expect(await run(['token'], { env: withCurl() })).toEqual(answered());
    expect(await run(['token', '--profile', 'default'], { env: withCurl() })).toEqual(answered());
    expect(await run(['token', '--profile', 'nobody'], { env: withCurl() })).toEqual(
      full('token', '--profile', 'nobody'),
    );
  });

  test('on a Mac it is in TMPDIR', async () => {
    const mac = path.join(checkout, 'mac');
    mkdirSync(mac);
    writeFileSync(path.join(mac, 'uname'), '#!/bin/sh\necho Darwin\n', { mode: 0o755 });
    const env: NodeJS.ProcessEnv = { ...withCurl(), XDG_RUNTIME_DIR: '', TMPDIR: `${runtime}/` };
    expect(await run(['token'], { env: { ...env, PATH: `${mac}:${env.PATH ?? ''}` } })).toEqual(answered());
  });

  test('asks no proxy and reads no settings of curl', async () => {
    writeFileSync(path.join(runtime, '.curlrc'), 'proxy = "http://127.0.0.1:1"\nverbose\n');
    const env = {
      ...withCurl(),
      HOME: runtime,
      http_proxy: 'http://127.0.0.1:1',
      ALL_PROXY: 'http://127.0.0.1:1',
    };
    expect(await run(['token'], { env })).toEqual(answered());
  });

  test('goes to the full command without curl, and when the directory is a link', async () => {
    expect(await run(['token'], { env: { XDG_RUNTIME_DIR: runtime } })).toEqual(full());
    const linked = mkdtempSync(path.join(tmpdir(), 'l-'));
    symlinkSync(path.join(runtime, 'tokentray'), path.join(linked, 'tokentray'));
    expect(await run(['token'], { env: { ...withCurl(), XDG_RUNTIME_DIR: linked } })).toEqual(full());
  });

  test.runIf(isRoot)(
    'goes to the full command where the directory above is somebody else’s (as root)',
    async () => {
      chownSync(runtime, 65534, 65534);
      try {
        expect(await run(['token'], { env: withCurl() })).toEqual(full());
      } finally {
        chownSync(runtime, 0, 0);
      }
    },
  );

  // One row of each way to end; the full command has them all in token.test.ts.
  const ways = new Map(
    decisions
      .filter(({ asked }) => asked === 'wish')
      .map((row) => [`${row.gets} ${row.exitCode} ${String(row.problem === undefined)}`, row] as const),
  );
  const wishes = [...ways.values()];
  test.each(wishes.map((row) => [nameOf(row), row] as const))('by DESIGN’s table: %s', async (_name, row) => {
    owner.agent.answer = answerOf(row, Date.now());
    const env = { ...environmentWithoutKeyring(), XDG_RUNTIME_DIR: runtime, TOKENTRAY_HOME: undefined };
    // With the full command of this very checkout.
    const { code, out, err } = await run(['token'], { file: FRONT, env });
    expect(code).toBe(row.exitCode);
    expect(out).toBe(row.gets === 'refusal' ? '' : row.gets === 'new token' ? 'new-token\n' : 'old-token\n');
    expect(err.split('\n').length - 1).toBe(row.problem === undefined ? 0 : 2);
  });
});

test('nobody runs: exit code 13, in words', async () => {
  const env = { ...environmentWithoutKeyring(), XDG_RUNTIME_DIR: xdg, TOKENTRAY_HOME: undefined };
  const { code, out, err } = await run(['token'], { file: FRONT, env });
  expect({ code, out }).toEqual({ code: 13, out: '' });
  expect(err).not.toBe('');
});
