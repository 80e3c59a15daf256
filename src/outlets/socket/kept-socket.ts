import { chmod, lutimes, readdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { problemOf } from '../../agent/failures/thrown.ts';
import type { Places } from '../../system/places.ts';
import type { Log } from '../../system/log/log.ts';
import { sayReason } from '../../words/say.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { fileIdentity } from '../../system/files/file-identity.ts';
import { closeServer, listen } from '../http/limited-server.ts';
import type { Ownership } from '../../system/ownership/ownership.ts';
import { ensurePrivateDirectory } from '../../system/files/private-directory.ts';
import { Queue } from '../../system/queue.ts';

/**
 * A check takes a few calls of the file system, about 0.2 ms. A user who was told that Tokentray is not running
 * tries again within half a minute.
 */
export const LOOK_INTERVAL_MS = 30_000;

/**
 * Systems may remove files that were not used for some time: from XDG_RUNTIME_DIR after six hours (XDG Base
 * Directory specification), from /tmp after ten days (systemd-tmpfiles), from macOS' TMPDIR after three
 * (dirhelper). An hour is short enough for all, even if a check is missed.
 */
const TOUCH_INTERVAL_MS = 3_600_000;

const ONLY_ITS_USER = 0o600;

interface KeptSocketOptions {
  readonly places: Pick<Places, 'runtimeDirectory' | 'socketPath'>;
  readonly ownership: Ownership;
  /** Makes a server that does not listen yet; called each time the socket is opened. */
  readonly makeServer: () => Server;
  readonly log: Log;
  readonly now: () => number;
  /** Called once: another process has become the owner. */
  readonly onLost: () => void;
}

/**
 * A Unix socket that exists as long as its owner lives. Everything in the runtime directory is touched, so that no
 * cleanup service removes it, and a socket that was removed is opened again.
 */
export class KeptSocket {
  readonly #options: KeptSocketOptions;
  /** The newest server listens; older ones finish the requests they accepted while they had the socket. */
  readonly #servers = new Set<Server>();
  #listening: Server | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #looks = new Queue();
  #touchedAt: number;
  /** The problem at the last check: it is logged once, not twice a minute. */
  #trouble: string | undefined;

  private constructor(options: KeptSocketOptions) {
    this.#options = options;
    this.#touchedAt = options.now();
  }

  /** Rejects with the file system's error. */
  static async open(options: KeptSocketOptions): Promise<KeptSocket> {
    const kept = new KeptSocket(options);
    await kept.#listen();
    kept.#timer = setInterval(() => {
      void kept.#looks.run(() => kept.#look());
    }, LOOK_INTERVAL_MS).unref();
    return kept;
  }

  /** Ends every connection and removes the socket. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looks.idle();
    await Promise.all([...this.#servers].map(closeServer));
  }

  async #look(): Promise<void> {
    const { places, ownership, now } = this.#options;
    try {
      await ensurePrivateDirectory(places.runtimeDirectory);
      // The files that show the ownership may have been removed too, and another process may be the owner by now.
      if ((await ownership.keep()) === 'lost') {
        clearInterval(this.#timer);
        this.#options.onLost();
        return;
      }
      if ((await fileIdentity(places.socketPath)) === undefined) await this.#openAgain();
      // By the wall clock, which goes on while the machine sleeps; also after it was set back.
      if (Math.abs(now() - this.#touchedAt) >= TOUCH_INTERVAL_MS) {
        await touch(places.runtimeDirectory, new Date(now()));
        this.#touchedAt = now();
      }
      this.#trouble = undefined;
    } catch (error) {
      this.#tell(sayReason(problemOf(error)));
    }
  }

  async #openAgain(): Promise<void> {
    const { places, log } = this.#options;
    // Ends no connection, but releases the name: closing it later would remove the new socket.
    this.#listening?.close();
    await this.#listen();
    log.warn('the socket was gone and is open again', { path: places.socketPath });
  }

  async #listen(): Promise<void> {
    const { makeServer, places } = this.#options;
    const server = makeServer();
    await listen(server, { path: places.socketPath });
    await chmod(places.socketPath, ONLY_ITS_USER);
    this.#listening = server;
    this.#servers.add(server);
    server.once('close', () => this.#servers.delete(server));
  }

  #tell(detail: string): void {
    if (this.#trouble === detail) return;
    this.#trouble = detail;
    this.#options.log.warn('the socket cannot be kept', { path: this.#options.places.socketPath, detail });
  }
}

/** Marks a directory and everything in it as used now; links themselves, not their targets. */
async function touch(directory: string, at: Date): Promise<void> {
  const names = await readdir(directory, { recursive: true });
  const paths = [directory, ...names.map((name) => join(directory, name))];
  await Promise.all(
    paths.map((path) =>
      lutimes(path, at, at).catch((error: unknown) => {
        // Removed by its own writer meanwhile.
        if (errorCode(error) !== 'ENOENT') throw error;
      }),
    ),
  );
}
