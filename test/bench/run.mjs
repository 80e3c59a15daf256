// `npm run bench`: bundles the benchmark (it is TypeScript, and Node 20 runs none) and runs it.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const outfile = fileURLToPath(new URL('../../dist/test/bench.js', import.meta.url));
await build({
  entryPoints: [fileURLToPath(new URL('start.ts', import.meta.url))],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
});
await import(outfile);
