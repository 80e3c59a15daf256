import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const keytar = createRequire(import.meta.url).resolve('keytar');

/** The vault bundled with the settings that ship, for what must be seen in a process of its own. */
export interface VaultBundle {
  /**
   * Runs `code` with `openVault` and a `directory` in scope. Gives what it printed, parsed as JSON, and
   * how it ended.
   */
  run(
    code: string,
    env: NodeJS.ProcessEnv,
  ): Promise<{ printed: unknown; ms: number; signal: NodeJS.Signals | null }>;
  /** The module that exports `openVault`. */
  readonly openVault: URL;
  /** The entry of the process that speaks to the Secret Service for another. */
  readonly keyringProcess: URL;
  remove(): Promise<void>;
}

export async function bundleVault(): Promise<VaultBundle> {
  const directory = await mkdtemp(join(tmpdir(), 'vault-bundle-'));
  const source = (name: string): string =>
    fileURLToPath(new URL(`../../src/vault/${name}.ts`, import.meta.url));
  await build({
    entryPoints: [source('open-vault'), source('keyring-process')],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'outside',
        setup: (bundle) => {
          bundle.onResolve({ filter: /^keytar$/ }, () => ({
            path: pathToFileURL(keytar).href,
            external: true,
          }));
          // Not installed with the product: an import that is left of it must fail here.
          bundle.onResolve({ filter: /^@azure\/msal-node-runtime$/ }, () => ({
            path: '/nonexistent/msal-node-runtime',
            external: true,
            sideEffects: false,
          }));
        },
      },
    ],
  });
  const entry = pathToFileURL(join(directory, 'open-vault.mjs')).href;
  return {
    run: async (code, env) => {
      const script = `import { openVault } from ${JSON.stringify(entry)};
        const directory = ${JSON.stringify(join(directory, 'state'))}; ${code}`;
      const start = performance.now();
      let signal: NodeJS.Signals | null = null;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env }).catch(
        (error: unknown) => {
          const ended = error as { stdout: string; signal: NodeJS.Signals | null };
          if (ended.signal === null) throw error;
          signal = ended.signal;
          return ended;
        },
      );
      return { printed: JSON.parse(stdout) as unknown, ms: performance.now() - start, signal };
    },
    openVault: new URL(entry),
    keyringProcess: pathToFileURL(join(directory, 'keyring-process.mjs')),
    remove: () => rm(directory, { recursive: true }),
  };
}
