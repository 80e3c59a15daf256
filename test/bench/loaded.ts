/** What an entry loads before anything is asked of it, by esbuild's own record. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly bytes: number; readonly imports: readonly { path: string; kind: string }[] }>
  >;
}

export interface LoadedFile {
  readonly file: string;
  readonly bytes: number;
  /** Bytes of the file alone, compressed. */
  readonly gzip: number;
}

/** The entry and the files that it imports by statement, the largest first. */
export async function loadedAtStart(entry: string): Promise<readonly LoadedFile[]> {
  const { outputs } = JSON.parse(await readFile('dist/metafile.json', 'utf8')) as Metafile;
  const files = new Set<string>();
  const add = (file: string): void => {
    if (files.has(file) || outputs[file] === undefined) return;
    files.add(file);
    for (const { path: next, kind } of outputs[file].imports) if (kind === 'import-statement') add(next);
  };
  add(entry);
  const loaded = await Promise.all(
    [...files].map(async (file) => ({
      file,
      bytes: outputs[file]?.bytes ?? 0,
      gzip: gzipSync(await readFile(file)).length,
    })),
  );
  return loaded.sort((a, b) => b.bytes - a.bytes);
}

/** Kilobytes, as they lie on the disk and compressed. */
export function sayLoaded(loaded: readonly LoadedFile[]): string {
  const kB = (of: 'bytes' | 'gzip'): string =>
    (loaded.reduce((sum, one) => sum + one[of], 0) / 1000).toFixed(1);
  return `${kB('bytes')} kB (${kB('gzip')} kB gzip)`;
}
