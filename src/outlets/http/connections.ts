import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';

/** A thousand scripts may ask at the same moment; more is a mistake, and each costs a descriptor. */
export const MAX_CONNECTIONS = 1_000;

/** No client that we know of sends a second request before the first is answered; each costs an answer. */
export const MAX_PIPELINED = 16;

/** A `ServerResponse`: whether everything has been said, and `close` once it has been read. */
type Answer = EventEmitter & { readonly writableEnded: boolean };

/**
 * Bounds a server's connections so that whoever holds many of them keeps nobody else out. Node's own
 * `maxConnections` turns away who comes last: a thousand silent connections would then lock the honest asker
 * out until each has been silent for too long. Here the newest is always let in, and in its stead one goes that
 * has its answer and does not read it, else the one that has waited longest without a whole request. Who still
 * waits for an answer stays.
 */
export class Connections {
  /** Those without a request under way; the one that has been so for longest comes first. */
  readonly #idle = new Set<Duplex>();
  /** Those that are being answered, or have not read their answers. */
  readonly #busy = new Map<Duplex, Set<Answer>>();

  /** @param server of `node:http` or `node:net` */
  constructor(server: EventEmitter) {
    server.on('connection', (socket: Duplex) => {
      this.#idle.add(socket);
      socket.once('close', () => {
        this.#idle.delete(socket);
        this.#busy.delete(socket);
      });
      if (this.#idle.size + this.#busy.size > MAX_CONNECTIONS) this.#evict();
    });
  }

  /** Notes that a request is being answered; the answer says whether it may be. Call it before anything else. */
  begin(socket: Duplex, response: Answer): 'go on' | 'gone' {
    const answers = this.#busy.get(socket) ?? new Set();
    if (answers.size >= MAX_PIPELINED) socket.destroy();
    // What came in one piece with the last request that was too much is still read out of it.
    if (socket.destroyed) return 'gone';
    this.#idle.delete(socket);
    this.#busy.set(socket, answers.add(response));
    response.once('close', () => this.#end(socket, response));
    return 'go on';
  }

  #end(socket: Duplex, response: Answer): void {
    const answers = this.#busy.get(socket);
    answers?.delete(response);
    if (answers !== undefined && answers.size > 0) return;
    this.#busy.delete(socket);
    if (!socket.destroyed) this.#idle.add(socket);
  }

  /** Never empty-handed: the newest itself is idle. */
  #evict(): void {
    const [longest] = this.#idle;
    const leaving = this.#deaf() ?? longest;
    if (leaving === undefined) return;
    this.#idle.delete(leaving);
    this.#busy.delete(leaving);
    leaving.destroy();
  }

  /** Somebody who could have read everything by now: an answer of ours fits into what the system holds for its reader. */
  #deaf(): Duplex | undefined {
    for (const [socket, answers] of this.#busy) {
      if (socket.writableLength > 0 && [...answers].every(({ writableEnded }) => writableEnded))
        return socket;
    }
    return undefined;
  }
}
