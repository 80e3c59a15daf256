// `npm run bench [NAME…]`: bundles the benchmarks (they are TypeScript, and Node 20 runs none) and runs
// those that are named, or all, one after the other.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const BENCHMARKS = ['get-token', 'start'];

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !BENCHMARKS.includes(name));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${BENCHMARKS.join(', ')}`);
const names = asked.length > 0 ? asked : BENCHMARKS;

const outdir = fileURLToPath(new URL('../../dist/test/bench', import.meta.url));
await build({
  entryPoints: names.map((name) => fileURLToPath(new URL(`${name}.ts`, import.meta.url))),
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
});
for (const name of names) await import(`${outdir}/${name}.js`);
