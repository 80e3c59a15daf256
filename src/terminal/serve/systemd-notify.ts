import { spawn } from 'node:child_process';
import { showFound } from '../../config/rules/issue.ts';
import type { ServedProfiles } from '../../outlets/answer/host.ts';
import type { Log } from '../../system/log/log.ts';
import { say } from '../../words/say.ts';
import { Queue } from '../../system/queue.ts';

/** It takes some milliseconds; systemd itself waits no longer than this for its own barrier. */
const NOTIFY_LIMIT_MS = 5_000;

/** More would not fit on the one line of `systemctl status`. */
const MOST_NAMES = 3;

/** Sends one message to systemd; resolves with the reason if that fails. Never rejects. */
export type RunNotify = (args: readonly string[], socket: string) => Promise<string | undefined>;

/**
 * Notifies systemd of the state of the service (sd_notify(3)), one message after the other, with the program that
 * comes with systemd: Node has no Unix datagram sockets. A message that cannot be sent is logged only.
 */
export class SystemdNotify {
  readonly #parts: { readonly socket: string; readonly log: Log; readonly run: RunNotify };
  readonly #queue = new Queue();
  #unwatch: () => void = () => undefined;
  #status: string | undefined;
  #isReady = false;

  /** @param parts.socket from NOTIFY_SOCKET: a path, or `@` and an abstract name */
  constructor(parts: { readonly socket: string; readonly log: Log; readonly run?: RunNotify }) {
    this.#parts = { run: runNotify, ...parts };
  }

  /** Call this when tokens are served, which completes the start. systemd's status line then follows the sessions. */
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

  /** Does the work of a reload while systemd waits. Rejects if the work does. */
  async during(reload: () => Promise<void>): Promise<void> {
    if (!this.#isReady) return reload();
    // CLOCK_MONOTONIC, which systemd compares if the unit has Type=notify-reload.
    this.#tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`);
    try {
      await reload();
    } finally {
      this.#tell('--ready');
    }
  }

  /** Call this when the host stops. Resolves when every message was sent. */
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

/** Who is signed in, in one line: a line break would start another assignment of the protocol. */
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
