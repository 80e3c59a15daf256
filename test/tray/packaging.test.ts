import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPackage, extractAll, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { commandArguments } from '../../src/tray/command-mode.ts';
import { buildProgram, buildStandIn } from '../electron/build-stand-in.ts';
import { closeAll, launchTray, runsOn } from '../electron/harness.ts';

// Only its parsing is asked here; its import of Electron would fetch the binary.
vi.mock('electron', () => ({ app: {} }));

const root = fileURLToPath(new URL('../..', import.meta.url));
const register = path.join(root, 'test/electron/register.mjs');

/** What the package may weigh besides Electron and the native binaries: the goal. */
const WEIGHT_LIMIT_BYTES = 3_000_000;
/** electron-builder takes 10 s here; a hang is what this catches. */
const LIMIT_MS = 120_000;

/** Where @electron/fuses looks in a binary: then version 1, and as many fuses as follow. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron 45 ships: runAsNode, NODE_OPTIONS and inspect on, the archive not required, file: privileged. */
const FUSES_AS_SHIPPED = '101100011';

let scratch: string;
let unpacked: string;
let app: string;
let listed: string[];

beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'package-'));
  const electronDist = await standInDist();
  const output = path.join(scratch, 'out');
  await builder(['--linux', 'dir', `--${process.arch}`], electronDist, output);
  unpacked = path.join(output, 'linux-unpacked');
  const archive = path.join(unpacked, 'resources/app.asar');
  listed = filesOf(archive);
  app = path.join(scratch, 'app');
  extractAll(archive, app);
}, LIMIT_MS);
afterEach(closeAll);
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** A folder in the place of Electron's own, with what electron-builder touches in it. */
async function standInDist(): Promise<string> {
  const dist = path.join(scratch, 'electron');
  const empty = path.join(scratch, 'empty');
  for (const directory of [path.join(dist, 'resources'), path.join(dist, 'locales'), empty])
    mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(empty, 'main.js'), '');
  await createPackage(empty, path.join(dist, 'resources/default_app.asar'));
  const binary = Buffer.from(`#!/bin/sh\nexit 0\n${FUSE_SENTINEL}\u0001\u0009${FUSES_AS_SHIPPED}`, 'latin1');
  for (const name of ['electron', 'electron.exe', 'chrome-sandbox']) {
    writeFileSync(path.join(dist, name), binary);
    chmodSync(path.join(dist, name), 0o755);
  }
  for (const name of ['version', 'LICENSE', 'locales/en-US.pak']) writeFileSync(path.join(dist, name), '45');
  return dist;
}

async function builder(targets: readonly string[], electronDist: string, output: string): Promise<void> {
  const cli = path.join(root, 'node_modules/electron-builder/cli.js');
  const set = [`-c.electronDist=${electronDist}`, `-c.directories.output=${output}`];
  const { code, all } = await run(process.execPath, [cli, ...targets, '--publish', 'never', ...set]);
  expect(code, all).toBe(0);
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly all: string;
}

async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '', VITEST: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { code, stdout, stderr, all: stdout + stderr };
}

/** The files of an archive, without folders, without the leading slash. */
function filesOf(archive: string): string[] {
  const entries = listPackage(archive, { isPack: false }).map((entry) => entry.replace(/^[/\\]/u, ''));
  return entries.filter((entry) => !entries.some((other) => other.startsWith(`${entry}/`))).sort();
}

interface Output {
  readonly imports: readonly { readonly path: string }[];
}

/** The built files that an entry can come to load, by esbuild's own record. */
function reachable(entries: readonly string[]): string[] {
  const { outputs } = JSON.parse(readFileSync(path.join(root, 'dist/metafile.json'), 'utf8')) as {
    outputs: Record<string, Output>;
  };
  const found = new Set<string>();
  const follow = (file: string): void => {
    if (found.has(file) || outputs[file] === undefined) return;
    found.add(file);
    outputs[file].imports.forEach(({ path: next }) => follow(next));
  };
  entries.forEach(follow);
  return [...found].sort();
}

/** The files below a folder of the repository, named from its root. */
function filesBelow(folder: string): string[] {
  const found = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}

const within = (folder: string): string[] => listed.filter((file) => file.startsWith(folder));

describe(`the packaged application (Electron’s own files: stand-in; it runs on: ${runsOn()})`, () => {
  test('holds the bundles that its two starts reach, this system’s icons and keytar, and nothing else', () => {
    const bundles = reachable(['dist/tray/entry.js', 'dist/terminal/tokentray.js']);
    const icons = filesBelow('assets/tray/linux');
    expect(bundles.length).toBeGreaterThan(40);
    expect(icons.length).toBeGreaterThan(10);
    expect(within('dist/')).toEqual(bundles);
    expect(within('assets/')).toEqual(icons);
    expect(listed.filter((file) => !/^(?:dist|assets)\//u.test(file))).toEqual([
      'node_modules/keytar/lib/keytar.js',
      'node_modules/keytar/package.json',
      `node_modules/keytar/prebuilds/linux-${process.arch}/keytar.node`,
      'package.json',
    ]);
  });

  test('holds on Windows the binary of DPAPI too, where the bundle looks for it', async () => {
    const output = path.join(scratch, 'windows');
    // Both change the .exe, of which there is only a stand-in.
    const unchanged = ['-c.win.signAndEditExecutable=false', '-c.disableAsarIntegrity=true'];
    await builder(['--win', 'dir', '--x64', ...unchanged], path.join(scratch, 'electron'), output);
    const resources = path.join(output, 'win-unpacked/resources');
    const files = filesOf(path.join(resources, 'app.asar'));
    // keytar's is the building machine's, so it is the right one only on Windows.
    const binaries = [
      'dist/bin/x64/dpapi.node',
      `node_modules/keytar/prebuilds/${process.platform}-x64/keytar.node`,
    ];
    expect(files.filter((file) => file.endsWith('.node'))).toEqual(binaries);
    expect(files.filter((file) => file.startsWith('assets/'))).toEqual(filesBelow('assets/tray/win'));
    for (const binary of binaries)
      expect(existsSync(path.join(resources, 'app.asar.unpacked', binary))).toBe(true);
    const bundle = reachable(['dist/tray/entry.js']).find((file) => file.includes('/extensions-'));
    expect(readFileSync(path.join(root, bundle ?? ''), 'utf8')).toContain('`../bin/${process.arch}/dpapi`');
  });

  test('holds nothing of the demo tenant, no source map and no path of this machine', () => {
    const texts = listed
      .filter((file) => /\.(?:js|json)$/u.test(file))
      .map((file) => readFileSync(path.join(app, file), 'utf8'));
    // A word of the demo tenant's that is there when it is bundled.
    const demo = filesBelow('dist/demo-tenant').map((file) => readFileSync(path.join(root, file), 'utf8'));
    expect(demo.some((text) => text.includes('Tokentray demo tenant'))).toBe(true);
    for (const text of texts) {
      expect(text).not.toContain('Tokentray demo tenant');
      expect(text).not.toContain('sourceMappingURL=data:');
      expect(text).not.toContain(root);
    }
  });

  test('weighs little besides Electron and the native binaries', () => {
    const sizes = listed
      .filter((file) => !file.endsWith('.node'))
      .map((file) => statSync(path.join(app, file)).size);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    process.stdout.write(`package weight: ${(bytes / 1e6).toFixed(2)} MB without Electron and binaries\n`);
    expect(bytes).toBeLessThan(WEIGHT_LIMIT_BYTES);
  });

  test('keeps its native binary outside of the archive, where the system can load it', () => {
    const outside = path.join(unpacked, 'resources/app.asar.unpacked/node_modules/keytar/prebuilds');
    expect(existsSync(path.join(outside, `linux-${process.arch}/keytar.node`))).toBe(true);
  });

  test('has every fuse as the security table says', async () => {
    // The numbers are the characters '0' and '1' in the binary.
    const wire = await getCurrentFuseWire(path.join(unpacked, 'tokentray-app'));
    const on = (fuse: FuseV1Options): boolean => Number(wire[fuse]) === '1'.charCodeAt(0);
    expect({
      runAsNode: on(FuseV1Options.RunAsNode),
      cookieEncryption: on(FuseV1Options.EnableCookieEncryption),
      nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: on(FuseV1Options.EnableNodeCliInspectArguments),
      asarIntegrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: on(FuseV1Options.OnlyLoadAppFromAsar),
      ownSnapshot: on(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
      filePrivileges: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: false,
      cookieEncryption: true,
      nodeOptions: false,
      inspect: false,
      asarIntegrity: true,
      onlyAsar: true,
      ownSnapshot: false,
      filePrivileges: false,
    });
  });

  test('starts from the archive’s files, and shows its icon', async () => {
    const { main } = JSON.parse(readFileSync(path.join(app, 'package.json'), 'utf8')) as { main: string };
    const tray = await launchTray({ entry: path.join(app, main) });
    const { image } = await tray.waitForTray(({ menu }) => menu.length > 0);
    expect(image.path).toContain(path.join(app, 'assets/tray'));
    expect(image.empty).toBe(false);
    expect(await tray.quit()).toMatchObject({ code: 0 });
  });
});

describe(`the packaged command (on the ${runsOn()})`, () => {
  /** The packaged main process with Electron's arguments, as the wrapper starts it. */
  const packaged = (...args: string[]): Promise<Ended> => command(path.join(app, 'dist/tray/entry.js'), args);
  const command = async (entry: string, args: readonly string[]): Promise<Ended> => {
    const home = path.join(scratch, 'home');
    mkdirSync(home, { recursive: true });
    const env = { HOME: home, XDG_RUNTIME_DIR: home, XDG_CONFIG_HOME: '', XDG_STATE_HOME: '' };
    return run(process.execPath, ['--import', register, entry, ...args], env);
  };
  const plain = (...args: string[]): Promise<Ended> =>
    run(process.execPath, [path.join(root, 'dist/terminal/tokentray.js'), ...args], {
      HOME: path.join(scratch, 'home'),
      XDG_RUNTIME_DIR: path.join(scratch, 'home'),
      XDG_CONFIG_HOME: '',
      XDG_STATE_HOME: '',
    });

  beforeAll(buildStandIn);

  test.each([
    '--version',
    '--help',
    'status --json',
    'no-such-command',
    // Chromium's own switch, were it not for the `--` before it.
    'token --remote-debugging-port=1',
  ])('says and ends like the terminal host itself: tokentray %s', async (line) => {
    const args = line.split(' ');
    const [given, wanted] = [await packaged('--tokentray-cli', '--', ...args), await plain(...args)];
    expect(wanted.all).not.toBe('');
    expect({ ...given, all: '' }).toEqual({ ...wanted, all: '' });
  });

  test('opens nothing, and is not there for Electron’s "ready"', async () => {
    const program = await buildProgram(
      fileURLToPath(new URL('../electron/command-witness.ts', import.meta.url)),
    );
    const { stdout, code } = await command(program, ['--tokentray-cli', '--', 'status']);
    expect(code).not.toBe(null);
    expect(stdout.split('\n').filter((line) => line.startsWith('witness '))).toEqual([
      'witness quit ready=false lock=false windows=0',
    ]);
  });

  test('is the tray for whoever forgets the "--"', () => {
    expect(commandArguments(['tokentray-app', '--tokentray-cli', 'token'])).toBeUndefined();
    expect(commandArguments(['tokentray-app', '--tokentray-cli'])).toBeUndefined();
    expect(commandArguments(['tokentray-app'])).toBeUndefined();
    expect(commandArguments(['tokentray-app', '--tokentray-cli', '--'])).toEqual([]);
  });

  test('is found through a link to its wrapper, with arguments, output and exit code whole', async () => {
    const program = path.join(unpacked, 'tokentray-app');
    const link = path.join(scratch, 'tokentray');
    await rm(link, { force: true });
    symlinkSync(path.join(unpacked, 'resources/bin/tokentray'), link);
    // In the place of Electron: says what it was given.
    const electron = readFileSync(program);
    writeFileSync(program, '#!/bin/sh\nprintf "[%s]" "$@"; echo oh >&2; exit 3\n');
    try {
      const shown = await run(link, ['token', 'a b', '*'], { DISPLAY: ':9' });
      expect(shown).toMatchObject({
        code: 3,
        stdout: '[--tokentray-cli][--][token][a b][*]',
        stderr: 'oh\n',
      });
      const server = await run(link, ['token'], { DISPLAY: '', WAYLAND_DISPLAY: '' });
      expect(server.stdout).toBe('[--ozone-platform=headless][--tokentray-cli][--][token]');
    } finally {
      writeFileSync(program, electron);
    }
  });
});
