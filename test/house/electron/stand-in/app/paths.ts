import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The part of the program's package.json that Electron reads. */
export interface Manifest {
  directory: string;
  name: string;
  version: string;
}

/** Finds the package.json above the program, as Electron does when started with the package's folder. */
export function readManifest(program = process.argv[1] ?? fileURLToPath(import.meta.url)): Manifest {
  for (let directory = path.dirname(path.resolve(program)); ; directory = path.dirname(directory)) {
    const text = readIfThere(path.join(directory, 'package.json'));
    if (text !== undefined) {
      const json = JSON.parse(text) as { name?: string; productName?: string; version?: string };
      return { directory, name: json.productName ?? json.name ?? 'Electron', version: json.version ?? '' };
    }
    if (directory === path.dirname(directory))
      return { directory: process.cwd(), name: 'Electron', version: '' };
  }
}

/** Electron's own places, before the program changes any. */
export function defaultPaths(appName: string): Map<string, string> {
  const home = homedir();
  const appData = process.env.XDG_CONFIG_HOME ?? path.join(home, '.config');
  const userData = path.join(appData, appName);
  return new Map([
    ['home', home],
    ['appData', appData],
    ['userData', userData],
    ['sessionData', userData],
    ['crashDumps', path.join(userData, 'Crashpad')],
    ['logs', path.join(userData, 'logs')],
    ['temp', tmpdir()],
    ['exe', process.execPath],
    ['module', process.execPath],
    ...['Desktop', 'Documents', 'Downloads', 'Music', 'Pictures', 'Videos'].map(
      (folder): [string, string] => [folder.toLowerCase(), path.join(home, folder)],
    ),
  ]);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
