// Makes `dist/pages`: the pages as they are, each style sheet with those that it imports, and for each page its
// script in one file. A page waits for every file that its head names before it paints anything.
import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { ownSentences } from './own-sentences.mjs';

const source = new URL('../src/pages/', import.meta.url);
const target = new URL('../dist/pages/', import.meta.url);

/** The scripts of our own pages, each named as its page. */
const SCRIPTS = [
  'src/pages/settings/settings.ts',
  'src/pages/status/status.ts',
  'src/pages/status/web/status-web.ts',
];

/** The style sheets that are fetched or read on their own; the others are imported by these. */
const STYLES = [
  'src/pages/page.css',
  'src/pages/settings/settings.css',
  'src/pages/status/status.css',
  'src/pages/status/web/status-web.css',
];

/** `absWorkingDir`: the root of the repository. The answer is esbuild's metafile, `outputs`. */
export async function buildPages(absWorkingDir) {
  await mkdir(target, { recursive: true });
  const files = await readdir(source, { recursive: true });
  const pages = files.filter((file) => file.endsWith('.html'));
  await Promise.all(pages.map((file) => cp(new URL(file, source), new URL(basename(file), target))));
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
    outdir: 'dist/pages',
    // Every page stands in the one folder, whatever folder its source is in.
    entryNames: '[name]',
    entryPoints: SCRIPTS,
  };
  await build({ ...options, entryPoints: STYLES });
  const { metafile } = await build({ ...options, metafile: true, plugins: [await ownSentences(options)] });
  return metafile.outputs;
}
