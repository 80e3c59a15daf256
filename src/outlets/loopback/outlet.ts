import { ProblemError, type Problem } from '../../words/problem.ts';
import { problemOf } from '../../agent/failures/thrown.ts';
import type { Places } from '../../system/places.ts';
import type { Log } from '../../system/log/log.ts';
import { forgetLoopbackKey, loadLoopbackKey } from './access-key.ts';
import { openLoopbackApi, type LoopbackApi } from './api.ts';
import { LoopbackPort, randomPort } from './port.ts';
import type { TokenSource } from './token-source.ts';
import { Queue } from '../../system/queue.ts';

/** A predecessor that is exiting takes at most two seconds and frees its port. */
const PATIENCE_MS = 2_500;

/** Each attempt chooses from ten thousand ports: so many failures have another cause. */
const NEW_PORT_ATTEMPTS = 20;

export interface LoopbackOutletOptions {
  readonly places: Pick<Places, 'runtimeDirectory'>;
  readonly source: TokenSource;
  readonly log: Log;
  /** How long to wait for a predecessor; shorter in tests. */
  readonly patienceMs?: number;
}

type Opening = Omit<Parameters<typeof openLoopbackApi>[0], 'port'>;

/**
 * The owner's loopback server. Azure's clients read address and key once, so both stay the same for the login
 * session, across restarts of the owner and across switching it off and on: they are files in the runtime
 * directory, 0600.
 *
 * If another process holds that port when an owner starts, those clients have been sending it the key. Then the key
 * is replaced at once, which invalidates the old one, and nothing is opened: with another port, they would continue
 * to send their requests to that process unnoticed. The problem names who holds the port. It stays until the port
 * is free at a later try (a start, a settings change), or until the server is switched off: it takes a new port
 * then.
 * A process that held the port only while no owner ran cannot be detected. On a shared machine use `tokentray
 * exec`, whose server lives as long as the program that it serves.
 */
export class LoopbackOutlet {
  readonly #options: LoopbackOutletOptions;
  readonly #record: LoopbackPort;
  #api: LoopbackApi | undefined;
  #trouble: Problem | undefined;
  /** Switching on and off run one after the other. */
  readonly #changing = new Queue();

  constructor(options: LoopbackOutletOptions) {
    this.#options = options;
    this.#record = new LoopbackPort(options.places);
  }

  /** Undefined if it is off or has a problem. */
  get port(): number | undefined {
    return this.#api?.port;
  }

  get trouble(): Problem | undefined {
    return this.#trouble;
  }

  /** Switches it on or off. Never rejects; see {@link trouble}. */
  apply(wanted: 'on' | 'off'): Promise<void> {
    return this.#change(() => (wanted === 'on' ? this.#open() : this.#switchOff()));
  }

  /** Call when the owner exits. The next one has the same port and key. */
  close(): Promise<void> {
    return this.#change(() => this.#closeApi());
  }

  #change(work: () => Promise<void>): Promise<void> {
    return this.#changing.run(work).catch((error: unknown) => {
      this.#trouble = problemOf(error);
      this.#options.log.warn('loopback', { code: this.#trouble.code, error });
    });
  }

  async #open(): Promise<void> {
    if (this.#api !== undefined) return;
    // By the second try a predecessor has exited, and other settings must not wait for it.
    const patienceMs = this.#trouble === undefined ? (this.#options.patienceMs ?? PATIENCE_MS) : 0;
    this.#trouble = undefined;
    const key = await loadLoopbackKey(this.#options.places);
    const { source, log, places } = this.#options;
    const open = { source, key, log };
    const kept = await this.#record.read();
    if (kept === undefined) {
      this.#api = await this.#openNew(open);
      return;
    }
    try {
      this.#api = await openLoopbackApi({ ...open, port: kept, patienceMs });
    } catch (error) {
      if (isTaken(error)) await forgetLoopbackKey(places);
      throw error;
    }
  }

  async #openNew(open: Opening): Promise<LoopbackApi> {
    const api = await openAnywhere(open);
    try {
      await this.#record.write(api.port);
    } catch (error) {
      // Without the record its clients would not find it after the next start.
      await api.close();
      throw error;
    }
    return api;
  }

  async #switchOff(): Promise<void> {
    await this.#closeApi();
    const { code } = this.#trouble ?? {};
    this.#trouble = undefined;
    if (code === 'loopback.port-taken') await this.#record.forget();
  }

  async #closeApi(): Promise<void> {
    const api = this.#api;
    this.#api = undefined;
    await api?.close();
  }
}

async function openAnywhere(open: Opening): Promise<LoopbackApi> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openLoopbackApi({ ...open, port: randomPort() });
    } catch (error) {
      if (!isTaken(error) || attempt === NEW_PORT_ATTEMPTS) throw error;
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'loopback.port-taken';
}
