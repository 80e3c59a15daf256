// `npm run test:electron`: the conformance list and the life of a token on a real Electron, named by
// ELECTRON_PATH or installed by `npx install-electron`. Refuses without one: nothing here is ever skipped.
// `-- --package FILE` reads the fuses of a packaged application's program as well.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
/** sysexits.h: a program that is needed is not there; a command line that says nothing. */
const EX_UNAVAILABLE = 69;
const EX_USAGE = 64;

function stop(code, line) {
  process.stderr.write(`${line}\n`);
  process.exit(code);
}

/** Where `electron`'s own index.js would find it; its import would try to download it. */
function installed() {
  const directory = path.join(root, 'node_modules/electron');
  const pathFile = path.join(directory, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  return path.join(directory, 'dist', readFileSync(pathFile, 'utf8').trim());
}

function vitest(args, env) {
  const command = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/house/run/vitest.config.ts',
    ...args,
  ];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit', env });
  return status ?? 1;
}

const [option, packaged, ...rest] = process.argv.slice(2);
if ((option !== undefined && option !== '--package') || (option && !packaged) || rest.length > 0)
  stop(EX_USAGE, 'Usage: npm run test:electron [-- --package FILE]');
if (packaged !== undefined && !existsSync(packaged))
  stop(EX_UNAVAILABLE, `${packaged} is not there. Type: npm run package`);

const named = process.env.ELECTRON_PATH;
const binary = named ?? installed();
if (binary === undefined || !existsSync(binary))
  stop(
    EX_UNAVAILABLE,
    named === undefined
      ? 'Nothing was tested: Electron’s binary is not installed. Type: npx install-electron (it downloads from GitHub), or name one with ELECTRON_PATH.'
      : `Nothing was tested: ELECTRON_PATH names ${named}, which is not there.`,
  );

const files = [
  'test/house/electron/conformance/conformance.test.ts',
  'test/house/electron/real/life.test.ts',
];
let status = vitest(files, { ...process.env, ELECTRON_BINARY: path.resolve(binary) });
if (packaged !== undefined) {
  const env = { ...process.env, TOKENTRAY_PACKAGE: path.resolve(packaged) };
  status = vitest(['test/tray/scenarios/packaging.test.ts', '-t', 'every fuse'], env) || status;
}
process.exitCode = status;
