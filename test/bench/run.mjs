// `npm run bench [NAME…]`: bundles the benchmarks (they are TypeScript, and Node 20 runs none) and runs
// those that are named, or all, one after the other.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const BENCHMARKS = ['get-token', 'start', 'tray', 'client', 'shell-token', 'http', 'scale', 'fleet', 'pages'];

/** What they start as processes of their own. */
const PROCESSES = ['http-load', 'http-bare'];

/** Of another folder, because what it knows of pages is. */
const ELSEWHERE = { pages: '../windows/pages-bench.ts' };

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !BENCHMARKS.includes(name));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${BENCHMARKS.join(', ')}`);
const names = asked.length > 0 ? asked : BENCHMARKS;

// As deep as the sources: what they find beside themselves they find from there too.
const outdir = fileURLToPath(new URL('../../dist/bench', import.meta.url));
await build({
  entryPoints: [...names, ...PROCESSES].map((name) => ({
    in: fileURLToPath(new URL(ELSEWHERE[name] ?? `${name}.ts`, import.meta.url)),
    out: name,
  })),
  // What the pages are served by belongs to the tray; nothing that needs Electron is asked of it here.
  alias: { electron: fileURLToPath(new URL('../../assets/windows/no-electron.mjs', import.meta.url)) },
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
});
for (const name of names) await import(`${outdir}/${name}.js`);
