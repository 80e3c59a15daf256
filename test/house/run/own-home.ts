import childProcess, { type SpawnOptions } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

// Runs before each test file, in its process. Gives the file its own home, so that no program that it starts finds
// the developer's running Tokentray, settings, keyring or browser profile; a child that would find them is refused.

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

const { WAYLAND_DISPLAY: screen, XDG_RUNTIME_DIR: runtime } = process.env;
// Its socket is relative to the directory that is replaced below.
if (screen !== undefined && runtime !== undefined)
  process.env['WAYLAND_DISPLAY'] = path.resolve(runtime, screen);

const home = mkdtempSync(path.join(tmpdir(), 'o-'));
for (const [name, place] of Object.entries(PLACES)) {
  process.env[name] = path.join(home, place);
  mkdirSync(path.join(home, place), { recursive: true, mode: 0o700 });
}
for (const name of LEFT_OUT) Reflect.deleteProperty(process.env, name);
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

/**
 * Throws if a child with this environment would use files of the developer's: every place must be in the temporary
 * directory. A child without HOME would look it up in the password file.
 */
function expectOwnHome(program: string, env: NodeJS.ProcessEnv): void {
  const strays = Object.keys(PLACES).filter((name) => {
    const place = env[name];
    return place === undefined ? name === 'HOME' : !path.resolve(place).startsWith(tmpdir());
  });
  if (strays.length > 0) throw new Error(`${program} would not have its own home: ${strays.join(', ')}`);
}

interface Spawning {
  readonly file: string;
  readonly envPairs?: readonly string[];
}

/** Behind spawn, fork, exec and execFile, also those of libraries. */
const watched = Symbol.for('tokentray.tests.own-home');
const asynchronous = childProcess.ChildProcess.prototype as unknown as {
  spawn: (this: unknown, options: Spawning) => unknown;
  [watched]?: true;
};

// Once in a process: files that share one run this for each.
if (asynchronous[watched] === undefined) {
  asynchronous[watched] = true;
  const { spawn } = asynchronous;
  asynchronous.spawn = function (options) {
    const pairs = (options.envPairs ?? []).map((pair) => pair.split(/=(.*)/su).slice(0, 2));
    expectOwnHome(options.file, Object.fromEntries(pairs) as NodeJS.ProcessEnv);
    return spawn.call(this, options);
  };
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const original = childProcess[name] as (...args: unknown[]) => unknown;
    Object.assign(childProcess, {
      [name]: (...args: unknown[]) => {
        const options = args.find((arg) => typeof arg === 'object' && !Array.isArray(arg));
        expectOwnHome(String(args[0]), (options as SpawnOptions | undefined)?.env ?? process.env);
        return original(...args);
      },
    });
  }
  syncBuiltinESMExports();
}
