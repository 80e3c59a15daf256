import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the bundled stand-in and test programs are put; `npm run build` empties `dist`, so it is rebuilt at need. */
export const STAND_IN_DIRECTORY = path.join(root, 'dist/test/electron-stand-in');
const PROGRAM_DIRECTORY = path.join(root, 'dist/test/programs');

/**
 * Bundles the stand-in to `dist/test/electron-stand-in`. May be called any number of times and by several
 * test workers at once: a file is only replaced, whole, when its content differs.
 */
export async function buildStandIn(): Promise<void> {
  await bundle(STAND_IN_DIRECTORY, [
    { in: path.join(root, 'test/house/electron/stand-in/electron.ts'), out: 'electron' },
    { in: path.join(root, 'test/house/electron/stand-in/entry.ts'), out: 'entry' },
  ]);
}

/**
 * Bundles a test's own main-process program (it may import `electron`).
 * @returns the absolute path of the bundle
 */
export async function buildProgram(source: string): Promise<string> {
  const out = path.basename(source, '.ts');
  await bundle(PROGRAM_DIRECTORY, [{ in: source, out }]);
  return path.join(PROGRAM_DIRECTORY, `${out}.js`);
}

async function bundle(outdir: string, entryPoints: { in: string; out: string }[]): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: 'inline',
    external: ['electron'],
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map((file) => replaceIfDifferent(file.path, file.text)));
}

async function replaceIfDifferent(file: string, text: string): Promise<void> {
  const current = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (current === text) return;
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}
