import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The command as it ships; test/global-setup.ts builds it. */
const PROGRAM = path.join(root, 'dist/terminal/tokentray.js');

/** A start takes half a second; on a busy machine many times that. */
const START_LIMIT_MS = 60_000;

/** Between two looks at what a command has said. */
const LOOK_MS = 20;

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command as a user has it: a program and an environment. */
export class Tokentray {
  readonly #env: NodeJS.ProcessEnv;
  readonly #running = new Set<ChildProcess>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** Runs a command to its end. */
  async run(...args: readonly string[]): Promise<Ended> {
    const child = this.#spawn(args);
    const texts = collect(child);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...texts };
  }

  /** Starts a command that runs until it is told to end. */
  start(...args: readonly string[]): Running {
    const child = this.#spawn(args);
    const texts = collect(child);
    const closed = once(child, 'close') as Promise<[number | null]>;
    return {
      said: () => texts,
      until: async (isThere) => {
        const deadline = Date.now() + START_LIMIT_MS;
        while (!isThere(texts)) {
          if (Date.now() > deadline) throw new Error(`${args.join(' ')} is silent: ${texts.err}`);
          await sleep(LOOK_MS);
        }
      },
      stopReading: () => void child.stdout?.destroy(),
      end: async (signal) => {
        if (signal !== undefined) child.kill(signal);
        return { code: (await closed)[0], ...texts };
      },
    };
  }

  /**
   * Runs a command on a terminal of its own (script(1)), where `keys` are typed when the text before each
   * has appeared. What the terminal shows comes back as `out`.
   */
  async runOnTerminal(
    args: readonly string[],
    keys: readonly { readonly after: string; readonly type: string }[] = [],
  ): Promise<Ended> {
    // `exec`, as dash stays in between and dies of the Ctrl-C meant for the program.
    const command = `exec ${[process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ')}`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: this.#env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    const texts = collect(child);
    const waiting = [...keys];
    let seen = 0;
    child.stdout.on('data', () => {
      const [next] = waiting;
      if (next === undefined || !texts.out.slice(seen).includes(next.after)) return;
      seen = texts.out.length;
      waiting.shift();
      child.stdin.write(next.type);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    this.#running.delete(child);
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
      stopListening: () => void child.stderr?.destroy(),
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
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }
}

/** A command that runs. */
export interface Running {
  readonly said: () => { readonly out: string; readonly err: string };
  /** Waits until it has said something. */
  until(isThere: (texts: { readonly out: string; readonly err: string }) => boolean): Promise<void>;
  /** Closes our end of its standard output. */
  stopReading(): void;
  /** Waits for its end, after a signal where one is given. */
  end(signal?: NodeJS.Signals): Promise<Ended>;
}

/** A running `tokentray serve`. */
export interface Serving {
  readonly pid: number;
  /** Everything on stderr so far. */
  readonly said: () => string;
  /** Closes our end of its standard error, as a terminal does that goes away. */
  stopListening(): void;
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
