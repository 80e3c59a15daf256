import { build } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Beneath the project, so that `keytar` is found, and not in dist, which a build removes. */
const BUNDLES = path.join(root, 'node_modules', '.cache', 'tokentray-tests');

/** A start takes half a second; on a busy machine many times that. */
const START_LIMIT_MS = 60_000;

const banner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Bundles the command as .config/build.mjs does, and answers where it is. Each test file has its own: {@link removeBundle}. */
export async function bundleCommand(): Promise<string> {
  mkdirSync(BUNDLES, { recursive: true });
  const outdir = mkdtempSync(path.join(BUNDLES, 'terminal-'));
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  await build({
    absWorkingDir: root,
    entryPoints: ['src/terminal/tokentray.ts'],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    banner: { js: banner },
    define: { __TOKENTRAY_VERSION__: JSON.stringify(version) },
    external: ['keytar'],
    plugins: [
      {
        name: 'without-broker',
        setup: (setup) =>
          setup.onResolve({ filter: /^@azure\/msal-node-runtime$/ }, ({ path: found }) => ({
            path: found,
            external: true,
            sideEffects: false,
          })),
      },
    ],
    logLevel: 'warning',
  });
  return path.join(outdir, 'tokentray.js');
}

/** Removes what {@link bundleCommand} made. */
export function removeBundle(program: string): void {
  rmSync(path.dirname(program), { recursive: true, force: true });
}

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command as a user has it: a program and an environment. */
export class Tokentray {
  readonly #program: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #running = new Set<ChildProcess>();

  constructor(program: string, env: NodeJS.ProcessEnv) {
    this.#program = program;
    this.#env = env;
  }

  /** Runs a command to its end. */
  async run(...args: readonly string[]): Promise<Ended> {
    const child = this.#spawn(args);
    const texts = collect(child);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...texts };
  }

  /** Starts `serve` and waits until it has said all that it says at its start. */
  async serve(...args: readonly string[]): Promise<Serving> {
    const child = this.#spawn(['serve', ...args]);
    const texts = collect(child);
    const closed = once(child, 'close') as Promise<[number | null]>;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`serve is silent: ${texts.err}`)), START_LIMIT_MS);
      child.stderr?.on('data', () => {
        if (!texts.err.includes('access key')) return;
        clearTimeout(late);
        resolve();
      });
      void closed.then(([code]) => {
        clearTimeout(late);
        reject(new Error(`serve ended with ${String(code)}: ${texts.err}`));
      });
    });
    return {
      pid: child.pid ?? 0,
      said: () => texts.err,
      ticketUrl: /http:\/\/\S+ticket=\S+/u.exec(texts.err)?.[0],
      end: async (signal = 'SIGTERM') => {
        child.kill(signal);
        return { code: (await closed)[0], ...texts };
      },
    };
  }

  /** Ends what a failed test left running. */
  killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  #spawn(args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [this.#program, ...args], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }
}

/** A running `tokentray serve`. */
export interface Serving {
  readonly pid: number;
  /** Everything on stderr so far. */
  readonly said: () => string;
  /** The address it printed, when nobody was signed in. */
  readonly ticketUrl: string | undefined;
  end(signal?: NodeJS.Signals): Promise<Ended>;
}

function collect(child: ChildProcess): { out: string; err: string } {
  const texts = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  return texts;
}
