import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';

/** A thousand scripts may ask at the same moment. More are a mistake, and each costs a descriptor. */
export const MAX_CONNECTIONS = 1_000;

/** No known client sends a second request before the first is answered, and each costs an answer. */
export const MAX_PIPELINED = 16;

/** A `ServerResponse`: whether it was sent completely, and `close` once it was read. */
type Answer = EventEmitter & { readonly writableEnded: boolean };

/**
 * Limits a server's connections so that a client with many of them cannot keep others out. Node's own
 * `maxConnections` refuses the newest: a thousand silent connections would block everyone else until they time out.
 * Here the newest is always accepted and another one closed: one that does not read its answer, otherwise the one
 * that has been without a request for longest. Connections that wait for an answer stay.
 */
export class Connections {
  /** Connections without a request under way, longest first. */
  readonly #idle = new Set<Duplex>();
  /** Connections being answered, or that have not read their answers. */
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

  /** Notes that a request is being answered, and returns whether to answer it. Call it before anything else. */
  begin(socket: Duplex, response: Answer): 'go on' | 'gone' {
    const answers = this.#busy.get(socket) ?? new Set();
    if (answers.size >= MAX_PIPELINED) socket.destroy();
    // Requests in the same packet as the one that was too much are still parsed.
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

  /** Always finds one: the newest itself is idle. */
  #evict(): void {
    const [longest] = this.#idle;
    const leaving = this.#deaf() ?? longest;
    if (leaving === undefined) return;
    this.#idle.delete(leaving);
    this.#busy.delete(leaving);
    leaving.destroy();
  }

  /** A connection whose client does not read: our answers fit into the system's buffer. */
  #deaf(): Duplex | undefined {
    for (const [socket, answers] of this.#busy) {
      if (socket.writableLength > 0 && [...answers].every(({ writableEnded }) => writableEnded))
        return socket;
    }
    return undefined;
  }
}
