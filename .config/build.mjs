// Bundles what ships, and the demo beside it: one esbuild call each, so that nothing of the demo tenant
// can end up in a chunk that is packaged.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildClient } from './build-client.mjs';
import { buildPages } from './build-pages.mjs';
import { buildPreload } from './build-preload.mjs';
import { startChunk } from './start-chunk.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));

/** MSAL's dependencies are CommonJS and ask for Node's own modules by `require`. */
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** The broker's runtime (44 MB) is never used: msal-node-extensions imports it only beside what we take. */
const withoutBroker = {
  name: 'without-broker',
  setup: (build) =>
    build.onResolve({ filter: /^@azure\/msal-node-runtime$/ }, ({ path }) => ({
      path,
      external: true,
      sideEffects: false,
    })),
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  legalComments: 'none',
  banner: { js: requireBanner },
  define: { __TOKENTRAY_VERSION__: JSON.stringify(version) },
  // keytar is a native binary; electron is given by the host.
  external: ['electron', 'keytar'],
  plugins: [withoutBroker],
  logLevel: 'warning',
};

const COMMAND = 'src/terminal/tokentray.ts';

/** What scripts run for every request: `tokentray token`. */
const TOKEN = ['src/terminal/token/command.ts', 'src/terminal/token/token.ts'];

/** What ships: each host with chunks of its own, because modules that both reach would be split finer. */
const hosts = [
  ['tray', ['src/tray/main.ts', 'src/tray/entry.ts', 'src/tray/start.ts']],
  ['terminal', [COMMAND]],
  // A process that the terminal host starts in need; built apart, so that it splits nothing of the host's start,
  // and named apart, because a packaged application cannot start it and leaves it out.
  ['terminal', ['src/vault/system-store/keyring-process.ts'], 'process-[name]-[hash]'],
];

/** Most files hold no CommonJS, and each `createRequire` costs a start some tenths of a millisecond. */
async function dropUnusedBanner(file) {
  const url = new URL(`../${file}`, import.meta.url);
  const text = await readFile(url, 'utf8');
  const body = text.replace(`${requireBanner}\n`, '');
  if (body !== text && !/\brequire\b/.test(body)) await writeFile(url, body);
}

await rm(new URL('../dist', import.meta.url), { recursive: true, force: true });
const outputs = {};
for (const [host, entryPoints, chunkNames = '[name]-[hash]'] of hosts) {
  const options = { ...shared, minify: true, outdir: `dist/${host}`, chunkNames, entryPoints };
  const plugins = [...shared.plugins];
  if (entryPoints[0] === COMMAND) plugins.push(await startChunk(options, TOKEN));
  const { metafile } = await build({ ...options, plugins, metafile: true });
  Object.assign(outputs, metafile.outputs);
  await Promise.all(Object.keys(metafile.outputs).map(dropUnusedBanner));
}
const library = await buildClient(shared);
Object.assign(outputs, library);
await Promise.all(Object.keys(library).map(dropUnusedBanner));
// msal-node-extensions looks for its Windows binary in `../bin` of the file that it has been bundled into.
await cp(
  new URL('../node_modules/@azure/msal-node-extensions/bin', import.meta.url),
  new URL('../dist/bin', import.meta.url),
  { recursive: true },
);
// What our own windows show besides the pages that are put together at run time (src/tray/windows/app-scheme.ts).
Object.assign(outputs, await buildPages(root), await buildPreload(root));
// Read by `npm run bench`: what an entry loads at its start.
await writeFile(new URL('../dist/metafile.json', import.meta.url), JSON.stringify({ outputs }));
await build({
  ...shared,
  outdir: 'dist/demo-tenant',
  chunkNames: '[name]-[hash]',
  entryPoints: ['src/demo-tenant/demo.ts'],
});
