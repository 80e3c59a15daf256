// Makes one chunk of what the quickest command loads. esbuild splits modules by the set of entries that reach them, so
// a command would load a dozen small files, and each costs about a millisecond (`npm run bench`).
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * The plugin for a bundle with these options of esbuild's: every entry, also those of `import()`, reaches `modules`,
 * which are loaded anyway.
 */
export async function startChunk(options, modules) {
  const { metafile } = await build({ ...options, write: false, metafile: true });
  const entries = Object.values(metafile.outputs).flatMap(({ entryPoint = '' }) =>
    /^src\/.*\.ts$/.test(entryPoint) && !modules.includes(entryPoint) ? [entryPoint] : [],
  );
  const files = new Set(entries.map((entry) => path.join(options.absWorkingDir, entry)));
  const imports = modules.map(
    (file) => `import ${JSON.stringify(path.join(options.absWorkingDir, file))};\n`,
  );
  return {
    name: 'start-chunk',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, async ({ path: file }) =>
        files.has(file)
          ? { contents: (await readFile(file, 'utf8')) + imports.join(''), loader: 'ts' }
          : undefined,
      ),
  };
}
