import childProcess, { type SpawnOptions } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

// Runs before each test file, in its process. Gives the file its own home, so that no program that it starts finds
// the developer's running Tokentray, settings, keyring or browser profile, and refuses to start one that would.

/** Each variable that leads to a user's files, and its place in the home. */
const PLACES = {
  HOME: '',
  XDG_CONFIG_HOME: '.config',
  XDG_DATA_HOME: '.local/share',
  XDG_STATE_HOME: '.local/state',
  XDG_CACHE_HOME: '.cache',
  XDG_RUNTIME_DIR: 'run',
};

/** Variables that lead to the developer's session. Without them a program finds the places above, or nothing. */
const LEFT_OUT = [
  'DBUS_SESSION_BUS_ADDRESS',
  'TOKENTRAY_HOME',
  'TOKENTRAY_PASSPHRASE',
  'CREDENTIALS_DIRECTORY',
  // A real Electron needs the screen; nothing else does.
  ...(process.env['ELECTRON_BINARY'] === undefined ? ['DISPLAY', 'WAYLAND_DISPLAY'] : []),
];

/** What a process keeps: files that share one run this module again. */
const KEPT = Symbol.for('tokentray.tests.developer');
const kept = globalThis as { [KEPT]?: readonly string[] | undefined };

/** The developer's places, before the first file of this process has replaced them. */
const places = (kept[KEPT] ??= watch([
  userInfo().homedir,
  ...[...Object.keys(PLACES), 'TOKENTRAY_HOME'].flatMap((name) => process.env[name] ?? []),
]));

const { WAYLAND_DISPLAY: screen, XDG_RUNTIME_DIR: runtime } = process.env;
// Its socket is relative to a directory that is replaced below.
if (screen !== undefined && runtime !== undefined)
  process.env['WAYLAND_DISPLAY'] = path.resolve(runtime, screen);

const home = mkdtempSync(path.join(tmpdir(), 'o-'));
for (const [name, place] of Object.entries(PLACES)) {
  process.env[name] = path.join(home, place);
  mkdirSync(path.join(home, place), { recursive: true, mode: 0o700 });
}
for (const name of LEFT_OUT) Reflect.deleteProperty(process.env, name);
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

interface Child {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly uid: number | undefined;
}

const isIn = (directory: string, file: string): boolean =>
  path.resolve(file) === directory || path.resolve(file).startsWith(path.join(directory, path.sep));

/** Throws if a child would use files of the developer's. */
function expectOwnHome({ file, env, uid }: Child): void {
  const strays = [...Object.keys(PLACES), 'TOKENTRAY_HOME'].filter((name) => {
    const place = env[name];
    return place !== undefined && !isIn(tmpdir(), place) && places.some((one) => isIn(one, place));
  });
  // Node and Chromium look a missing HOME up in the password file; as another user they find another one.
  const looksUp = file === process.execPath || /chrom/u.test(path.basename(file));
  if (looksUp && env['HOME'] === undefined && uid === undefined) strays.push('HOME');
  if (strays.length > 0) throw new Error(`${file} would find the developer's files: ${strays.join(', ')}`);
}

/** Behind spawn, fork, exec and execFile, also those of libraries. */
interface SpawnInside {
  spawn: (
    this: unknown,
    options: { readonly file: string; readonly envPairs?: readonly string[]; readonly uid?: number },
  ) => unknown;
}

function watch(developer: readonly string[]): readonly string[] {
  const inside = childProcess.ChildProcess.prototype as unknown as SpawnInside;
  const { spawn } = inside;
  inside.spawn = function (options) {
    const pairs = (options.envPairs ?? []).map((pair) => pair.split(/=(.*)/su).slice(0, 2));
    const env = Object.fromEntries(pairs) as NodeJS.ProcessEnv;
    expectOwnHome({ file: options.file, env, uid: options.uid });
    return spawn.call(this, options);
  };
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const original = childProcess[name] as (...args: unknown[]) => unknown;
    const watched = (...args: unknown[]): unknown => {
      const options = args.find((arg) => typeof arg === 'object' && !Array.isArray(arg)) as
        SpawnOptions | undefined;
      expectOwnHome({ file: String(args[0]), env: options?.env ?? process.env, uid: options?.uid });
      return original(...args);
    };
    Object.assign(childProcess, { [name]: watched });
  }
  syncBuiltinESMExports();
  return developer;
}
