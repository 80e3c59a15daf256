// Makes `dist/windows`: the pages as they are, each style sheet with those that it imports, and for each page its
// script in one file. A page waits for every file that its head names before it paints anything.
import { cp, mkdir, readdir } from 'node:fs/promises';
import { build } from 'esbuild';
import { ownSentences } from './own-sentences.mjs';

const source = new URL('../src/windows/', import.meta.url);
const target = new URL('../dist/windows/', import.meta.url);

/** The scripts of our own pages, each named as its page. */
const SCRIPTS = ['src/windows/settings.ts', 'src/windows/status.ts', 'src/windows/status-web.ts'];

/** `absWorkingDir`: the root of the repository. The answer is esbuild's metafile, `outputs`. */
export async function buildPages(absWorkingDir) {
  await mkdir(target, { recursive: true });
  const files = await readdir(source);
  const pages = files.filter((file) => file.endsWith('.html'));
  await Promise.all(pages.map((file) => cp(new URL(file, source), new URL(file, target))));
  const styles = files.filter((file) => file.endsWith('.css')).map((file) => `src/windows/${file}`);
  const options = {
    absWorkingDir,
    bundle: true,
    // A classic script: a module's would be fetched by the rules of CORS, which `app:` is no party to.
    format: 'iife',
    platform: 'browser',
    // Electron 45 is Chromium 156; the same files are shown in the browser that somebody has.
    target: 'chrome120',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    outdir: 'dist/windows',
    entryPoints: SCRIPTS,
  };
  await build({ ...options, entryPoints: styles });
  const { metafile } = await build({ ...options, metafile: true, plugins: [await ownSentences(options)] });
  return metafile.outputs;
}
