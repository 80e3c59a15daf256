// Makes `dist/pages/preload.cjs`. A sandboxed preload script is CommonJS in one file, and of modules it can ask
// for `electron` and little else: https://www.electronjs.org/docs/latest/tutorial/sandbox
import { build } from 'esbuild';

/** `absWorkingDir`: the root of the repository. The answer is esbuild's metafile, `outputs`. */
export async function buildPreload(absWorkingDir) {
  const { metafile } = await build({
    absWorkingDir,
    bundle: true,
    format: 'cjs',
    platform: 'browser',
    // Electron 45 is Chromium 156.
    target: 'chrome120',
    external: ['electron'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    outfile: 'dist/pages/preload.cjs',
    entryPoints: ['src/pages/bridge/preload.ts'],
  });
  return metafile.outputs;
}
