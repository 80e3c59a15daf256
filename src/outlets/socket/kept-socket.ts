import { chmod, lutimes, readdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { problemOf } from '../../agent/failures/thrown.ts';
import type { Places } from '../../system/places.ts';
import type { Log } from '../../system/log/log.ts';
import { sayProblem } from '../../words/say.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { fileIdentity } from '../../system/files/file-identity.ts';
import { closeServer, listen } from '../http/limited-server.ts';
import type { Ownership } from '../../system/ownership/ownership.ts';
import { ensurePrivateDirectory } from '../../system/files/private-directory.ts';
import { Queue } from '../../system/queue.ts';

/** A look is a few calls of the file system, some 0.2 ms; whoever was told that nothing runs tries again within half a minute. */
export const LOOK_INTERVAL_MS = 30_000;

/**
 * What nobody touches for six hours a system may remove from XDG_RUNTIME_DIR (XDG Base Directory
 * specification); from /tmp systemd-tmpfiles does so after ten days, from macOS' TMPDIR dirhelper after three.
 * Hourly stays below them all, also where a look is missed.
 */
const TOUCH_INTERVAL_MS = 3_600_000;

const ONLY_ITS_USER = 0o600;

interface KeptSocketOptions {
  readonly places: Pick<Places, 'runtimeDirectory' | 'socketPath'>;
  readonly ownership: Ownership;
  /** A server that does not listen yet; another one each time the socket is opened. */
  readonly makeServer: () => Server;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * A Unix socket that stays for as long as its owner lives, and with it what else lies in the runtime directory:
 * all of it is touched, so that no cleaner takes it for left behind, and a socket that is gone all the same is
 * opened again.
 */
export class KeptSocket {
  readonly #options: KeptSocketOptions;
  /** The last one listens; others finish what they were asked while the socket was theirs. */
  readonly #servers = new Set<Server>();
  #listening: Server | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #looks = new Queue();
  #touchedAt: number;
  /** What was wrong at the last look: it is told once, not twice a minute. */
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
      // Who removed one file may have removed those that show whose this is, and somebody else may own it by now.
      if ((await ownership.keep()) === 'lost') {
        this.#tell('another process owns it now');
        return;
      }
      if ((await fileIdentity(places.socketPath)) === undefined) await this.#openAgain();
      // By the wall clock, which goes on while the machine sleeps; one that was set back touches, too.
      if (Math.abs(now() - this.#touchedAt) >= TOUCH_INTERVAL_MS) {
        await touch(places.runtimeDirectory, new Date(now()));
        this.#touchedAt = now();
      }
      this.#trouble = undefined;
    } catch (error) {
      this.#tell(sayProblem(problemOf(error)).sentence);
    }
  }

  async #openAgain(): Promise<void> {
    const { places, log } = this.#options;
    // Ends no connection, but lets the name go: closing later would remove the new socket.
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

/** Marks a directory and everything in it as used now; links themselves, not what they lead to. */
async function touch(directory: string, at: Date): Promise<void> {
  const names = await readdir(directory, { recursive: true });
  const paths = [directory, ...names.map((name) => join(directory, name))];
  await Promise.all(
    paths.map((path) =>
      lutimes(path, at, at).catch((error: unknown) => {
        // Removed by its own writer in this moment.
        if (errorCode(error) !== 'ENOENT') throw error;
      }),
    ),
  );
}
