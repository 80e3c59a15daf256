import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractAll } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { commandArguments } from '../../../src/tray/lifecycle/launch-request.ts';
import { buildProgram, buildStandIn } from '../../house/electron/build-stand-in.ts';
import { closeAll, launchTray, runsOn } from '../../house/electron/harness.ts';
import { filesBelow, root } from '../../house/fixtures/repository.ts';
import { filesOf, packageFor, packageWeight, standInDist } from '../fixtures/packaged.ts';

// Only its parsing is asked here; its import of Electron would fetch the binary.
vi.mock('electron', () => ({ app: {} }));

const register = path.join(root, 'test/house/electron/loader/register.mjs');

/** What the package may weigh besides Electron and the native binaries: the goal. */
const WEIGHT_LIMIT_BYTES = 3_000_000;
/** electron-builder takes 10 s here; a hang is what this catches. */
const LIMIT_MS = 120_000;

let scratch: string;
let unpacked: string;
let windows: string;
let app: string;
let listed: string[];

beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'package-'));
  const electronDist = await standInDist(scratch);
  const output = path.join(scratch, 'out');
  unpacked = await packageFor(['--linux', 'dir', `--${process.arch}`], electronDist, output);
  const archive = path.join(unpacked, 'resources/app.asar');
  listed = filesOf(archive);
  // Both change the .exe, of which there is only a stand-in.
  const unchanged = ['-c.win.signAndEditExecutable=false', '-c.disableAsarIntegrity=true'];
  windows = await packageFor(['--win', 'dir', '--x64', ...unchanged], electronDist, output);
  app = path.join(scratch, 'app');
  extractAll(archive, app);
}, LIMIT_MS);
afterEach(closeAll);
afterAll(() => rm(scratch, { recursive: true, force: true }));

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

const within = (folder: string): string[] => listed.filter((file) => file.startsWith(folder));

describe(`the packaged application (Electron’s own files: stand-in; it runs on: ${runsOn()})`, () => {
  test('names somebody and a place, without which no deb is made, and the entry that its windows belong to', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ homepage: expect.stringMatching(/^https:\/\//u) as unknown });
    expect(manifest).toMatchObject({ desktopName: 'io.github.tokentray.desktop' });
    const config = readFileSync(path.join(root, 'electron-builder.yml'), 'utf8');
    expect(config).toMatch(/^linux:\n(?: {2}.*\n)* {2}maintainer: \S.* <\S+@\S+>$/mu);
    expect(config).toMatch(/^linux:\n(?: {2}.*\n)* {2}syncDesktopName: true$/mu);
  });

  test('holds the bundles that its two starts reach, this system’s icons and keytar, and nothing else', () => {
    const bundles = reachable(['dist/tray/entry.js', 'dist/terminal/tokentray.js']);
    const icons = filesBelow('assets/tray/linux');
    expect(bundles.length).toBeGreaterThan(40);
    expect(icons.length).toBeGreaterThan(10);
    const settings = ['settings.css', 'settings.html', 'settings.js'];
    const status = ['status-web.css', 'status-web.js', 'status.css', 'status.html', 'status.js'];
    const windows = ['page.css', 'preload.cjs', ...settings, ...status];
    expect(within('dist/')).toEqual([...windows.map((file) => `dist/pages/${file}`), ...bundles]);
    expect(within('assets/')).toEqual(icons);
    expect(listed.filter((file) => !/^(?:dist|assets)\//u.test(file))).toEqual([
      'node_modules/keytar/lib/keytar.js',
      'node_modules/keytar/package.json',
      `node_modules/keytar/prebuilds/linux-${process.arch}/keytar.node`,
      'package.json',
    ]);
  });

  test('holds on Windows the binary of DPAPI too, where the bundle looks for it', () => {
    const resources = path.join(windows, 'resources');
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

  test('holds on Windows a command that finds the application, hands on what it is given, and waits', () => {
    const bin = path.join(windows, 'resources/bin');
    // PowerShell would take a .ps1 before it, which Windows runs only when told to.
    expect(readdirSync(bin)).toEqual(['tokentray.cmd']);
    expect(readdirSync(path.join(unpacked, 'resources/bin'))).toEqual(['tokentray']);
    const text = readFileSync(path.join(bin, 'tokentray.cmd'), 'latin1');
    // What cmd reads in the code page of whoever calls, and where it would miss a lone line feed.
    expect(text).toMatch(/^(?:[ -~]*\r\n)+$/u);
    const lines = text.split('\r\n').filter((line) => line !== '' && !line.startsWith('rem '));
    // A program that a script starts by its name is waited for, and its exit code is the script's: it comes last.
    const [, program = '', rest] = /^"%~dp0([^"]+)" (.*)$/u.exec(lines.at(-1) ?? '') ?? [];
    expect(rest).toBe('--tokentray-cli -- %*');
    expect(existsSync(path.join(bin, program.replaceAll('\\', '/')))).toBe(true);
    expect(path.resolve(bin, program.replaceAll('\\', '/'))).toBe(path.join(windows, 'Tokentray.exe'));
    // With delayed expansion an exclamation mark in an argument would be lost.
    expect(lines).toContain('setlocal DisableDelayedExpansion');
    // A parenthesis in the folder's name (`Program Files (x86)`) would end a block.
    expect(lines.join()).not.toMatch(/[()]/u);
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
    const bytes = packageWeight(path.join(unpacked, 'resources/app.asar'));
    process.stdout.write(`package weight: ${(bytes / 1e6).toFixed(2)} MB without Electron and binaries\n`);
    expect(bytes).toBeLessThan(WEIGHT_LIMIT_BYTES);
  });

  test('keeps its native binary outside of the archive, where the system can load it', () => {
    const outside = path.join(unpacked, 'resources/app.asar.unpacked/node_modules/keytar/prebuilds');
    expect(existsSync(path.join(outside, `linux-${process.arch}/keytar.node`))).toBe(true);
  });

  test('has every fuse as the security table says', async () => {
    // The numbers are the characters '0' and '1' in the binary.
    // A package that was made with the real Electron, where one was named (test/house/electron/real/run.mjs).
    const binary = process.env.TOKENTRAY_PACKAGE ?? path.join(unpacked, 'tokentray-app');
    const wire = await getCurrentFuseWire(binary);
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
      fileURLToPath(new URL('../../house/electron/programs/command-witness.ts', import.meta.url)),
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
