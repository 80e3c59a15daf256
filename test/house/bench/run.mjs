// `npm run bench [NAME…]`: bundles the benchmarks (Node 20 does not run TypeScript) and runs
// the named ones, or all, one after another.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Each benchmark's name and its program. */
const BENCHMARKS = {
  'get-token': 'get-token.ts',
  start: 'start.ts',
  tray: 'tray/tray.ts',
  client: 'client.ts',
  'shell-token': 'shell-token.ts',
  http: 'http/http.ts',
  scale: 'scale.ts',
  fleet: 'fleet.ts',
  pages: '../../pages/fixtures/pages-bench.ts',
};

/** Programs that the benchmarks start as separate processes. */
const PROCESSES = { 'http-load': 'http/http-load.ts', 'http-bare': 'http/http-bare.ts' };

const asked = process.argv.slice(2);
const all = Object.keys(BENCHMARKS);
const unknown = asked.find((name) => !all.includes(name));
if (unknown !== undefined) throw new Error(`${unknown} is not one of ${all.join(', ')}`);
const names = asked.length > 0 ? asked : all;

const outdir = fileURLToPath(new URL('../../../dist/bench', import.meta.url));
const programs = { ...BENCHMARKS, ...PROCESSES };
await build({
  entryPoints: [...names, ...Object.keys(PROCESSES)].map((name) => ({
    in: fileURLToPath(new URL(programs[name], import.meta.url)),
    out: name,
  })),
  // The tray's code that serves the pages imports electron, but the benchmarks use nothing of it.
  alias: { electron: fileURLToPath(new URL('../../../assets/windows/no-electron.mjs', import.meta.url)) },
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
});
for (const name of names) await import(`${outdir}/${name}.js`);
