import { spawn } from 'node:child_process';
import { showFound } from '../../config/rules/issue.ts';
import type { ServedProfiles } from '../../outlets/answer/host.ts';
import type { Log } from '../../system/log/log.ts';
import { say } from '../../words/say.ts';
import { Queue } from '../../system/queue.ts';

/** It takes some milliseconds; systemd itself waits for its own barrier no longer than this. */
const NOTIFY_LIMIT_MS = 5_000;

/** `systemctl status` has one line for it. */
const MOST_NAMES = 3;

/** Tells systemd one thing; an answer is why it could not be told. Never rejects. */
export type RunNotify = (args: readonly string[], socket: string) => Promise<string | undefined>;

/**
 * Tells systemd how the service stands (sd_notify(3)), one thing after the other, by the program that comes with
 * systemd: Node has no datagram sockets of Unix. What cannot be told is in the log, and nothing else follows.
 */
export class SystemdNotify {
  readonly #parts: { readonly socket: string; readonly log: Log; readonly run: RunNotify };
  readonly #queue = new Queue();
  #unwatch: () => void = () => undefined;
  #status: string | undefined;
  #isReady = false;

  /** @param parts.socket of NOTIFY_SOCKET: a path, or `@` and an abstract name */
  constructor(parts: { readonly socket: string; readonly log: Log; readonly run?: RunNotify }) {
    this.#parts = { run: runNotify, ...parts };
  }

  /** Tokens are served: the start is over. From now on systemd's status line follows the sessions. */
  serving(profiles: ServedProfiles): void {
    this.#isReady = true;
    this.#status = sayStatus(profiles);
    this.#tell('--ready', `--status=${this.#status}`);
    this.#unwatch = profiles.watch(() => {
      const status = sayStatus(profiles);
      if (status !== this.#status) this.#tell(`--status=${status}`);
      this.#status = status;
    });
  }

  /** Reads settings again, or whatever else, while systemd waits. What the work rejects with goes on. */
  async during(reload: () => Promise<void>): Promise<void> {
    if (!this.#isReady) return reload();
    // CLOCK_MONOTONIC, which systemd compares where the unit says Type=notify-reload.
    this.#tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`);
    try {
      await reload();
    } finally {
      this.#tell('--ready');
    }
  }

  /** The end begins. Resolves when everything is told. */
  stopping(): Promise<void> {
    this.#unwatch();
    this.#tell('STOPPING=1');
    return this.#queue.idle();
  }

  #tell(...args: readonly string[]): void {
    const { run, socket, log } = this.#parts;
    void this.#queue.run(async () => {
      const detail = await run(args, socket);
      if (detail !== undefined) log.warn('systemd was not told', { told: args[0], detail });
    });
  }
}

/** Who is signed in, in one line: a line break would begin another assignment of the protocol. */
function sayStatus({ list }: ServedProfiles): string {
  const names = list.flatMap(({ status: { session } }) =>
    session.kind === 'signed-in' ? [session.account.name] : [],
  );
  if (names.length === 0) return say('cli.notify.nobody');
  const shown = [...names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? ['…'] : [])];
  const params = { count: names.length, total: list.length, names: showFound(shown.join(', ')) ?? '' };
  return list.length === 1 ? say('cli.notify.one', params) : say('cli.notify.several', params);
}

const runNotify: RunNotify = (args, socket) =>
  new Promise((resolve) => {
    const child = spawn('systemd-notify', args, {
      env: { ...process.env, NOTIFY_SOCKET: socket },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: NOTIFY_LIMIT_MS,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? undefined : said.trim() || `systemd-notify ended with ${signal ?? code}`),
    );
  });
