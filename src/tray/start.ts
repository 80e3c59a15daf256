/**
 * `npm start`: finds the Electron binary before anything imports `electron`, whose index.js downloads a missing
 * binary and throws if it cannot.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from '../words/say.ts';

/** sysexits.h: a required program is missing. The demo checks for this code. */
const EX_UNAVAILABLE = 69;

/** Where `electron`'s own index.js looks for its binary: the override, else the path that its installer recorded. */
function electronBinary(): string | undefined {
  const packageDirectory = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = path.join(packageDirectory, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const directory = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(packageDirectory, 'dist');
  const binary = path.join(directory, name);
  return existsSync(binary) ? binary : undefined;
}

const binary = electronBinary();
if (binary === undefined) {
  process.stderr.write(`${say('app.no-electron')}\n`);
  process.exitCode = EX_UNAVAILABLE;
} else {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(binary, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
