// What `npm test` runs: checks that the programs that the tests drive are installed, and runs vitest, which builds.
// As root on Debian it installs what is missing; elsewhere it prints the command to type.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The version that vitest 4 and electron-store 11 need; also in package.json, `engines`. */
const NODE_LEAST = [20, 19];

const isDebian = existsSync('/etc/debian_version') && onPath('apt-get') !== undefined;
const isRoot = process.getuid?.() === 0;

/** The user's choice of a Chromium. */
const given = process.env.TOKENTRAY_CHROMIUM ?? process.env.CHROMIUM;

/** The programs that the tests need, their Debian packages, and how to find them. */
const needs = [
  { what: 'Chromium', packages: ['chromium'], found: () => chromium() !== undefined },
  {
    what: 'GNOME Keyring',
    packages: ['gnome-keyring'],
    found: () => onPath('gnome-keyring-daemon') !== undefined,
  },
  {
    what: 'D-Bus',
    packages: ['dbus-daemon', 'dbus-bin'],
    found: () => onPath('dbus-daemon') !== undefined && onPath('dbus-send') !== undefined,
  },
  { what: 'libsecret', packages: ['libsecret-1-0'], found: () => hasLibrary('libsecret-1.so.0') },
  {
    what: 'libfaketime',
    packages: ['libfaketime'],
    found: () => hasLibrary(join('faketime', 'libfaketimeMT.so.1')),
  },
  { what: 'zsh', packages: ['zsh'], found: () => onPath('zsh') !== undefined },
  { what: 'curl', packages: ['curl'], found: () => onPath('curl') !== undefined },
  {
    what: 'Python with requests',
    packages: ['python3', 'python3-requests'],
    found: () => spawnSync('python3', ['-c', 'import requests'], { stdio: 'ignore' }).status === 0,
  },
];

function onPath(program) {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(directory, program);
    if (isProgram(file)) return file;
  }
  return undefined;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (error.code === undefined) throw error;
    return false;
  }
}

function chromium() {
  if (given) return isProgram(given) ? given : onPath(given);
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
  return ['/usr/bin/chromium', ...names.map(onPath)].find((file) => file !== undefined && isProgram(file));
}

function hasLibrary(name) {
  const directories = ['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/usr/local/lib'];
  for (const parent of ['/usr/lib', '/lib']) {
    if (!existsSync(parent)) continue;
    // Debian's directories are named after the architecture: /usr/lib/x86_64-linux-gnu.
    for (const entry of readdirSync(parent))
      if (entry.includes('-linux-')) directories.push(join(parent, entry));
  }
  return directories.some((directory) => existsSync(join(directory, name)));
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function stop(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

/** Runs a program with its output shown; a signal counts as a failure. */
function run(program, args, env = process.env) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env });
  if (error) stop(`${program} could not be started: ${error.message}`);
  return status ?? 1;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_LEAST[0] || (major === NODE_LEAST[0] && minor >= NODE_LEAST[1])) return;
  stop(`Node ${NODE_LEAST.join('.')} or newer is needed; this is ${process.versions.node}.`);
}

function installMissing() {
  const missing = needs.filter((need) => !need.found());
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.packages);
  const names = missing.map((need) => need.what).join(', ');
  if (!isDebian)
    stop(
      `The tests need ${names}. Install it, then run npm test again (Debian calls it: ${packages.join(' ')}).`,
    );
  if (!isRoot)
    stop(
      `The tests need ${names}. Type: sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    );
  say(`The tests need ${names}: installing ${packages.join(' ')} with apt-get.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // A bare image has no package lists, and old lists name packages that are gone.
  if (run('apt-get', ['update'], env) !== 0) stop('apt-get update failed: is there a network?');
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if (run('apt-get', install, env) !== 0) stop(`apt-get ${install.join(' ')} failed; its reason is above.`);
  const still = needs.filter((need) => !need.found());
  if (still.length > 0) stop(`Installed, and still not found: ${still.map((need) => need.what).join(', ')}.`);
}

checkNode();
if (!existsSync(join(root, 'node_modules/vitest/vitest.mjs'))) stop('The packages are missing. Type: npm ci');
if (given && chromium() === undefined) stop(`CHROMIUM names ${given}, which is not a program.`);
if (process.platform === 'linux') installMissing();
const browser = chromium();
if (browser === undefined)
  stop('The tests need Chromium or Chrome. Install it, or type: CHROMIUM=/path/to/it npm test');

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
say(`Tokentray ${version}, Node ${process.versions.node}, Chromium ${browser}`);
process.exitCode = run(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/house/run/vitest.config.ts',
    ...process.argv.slice(2),
  ],
  { ...process.env, TOKENTRAY_CHROMIUM: browser },
);
