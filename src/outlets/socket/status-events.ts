import type { ServerResponse } from 'node:http';
import type { Agent } from '../../agent/agent.ts';
import type { ServedProfiles } from '../answer/host.ts';

/**
 * For a tray, terminals, and each process that uses the library, for each profile. Half of all connections
 * (MAX_CONNECTIONS), so that requests for tokens have the other half.
 */
export const MAX_LISTENERS = 512;
/** Timeouts of proxies and clients are seldom shorter than half a minute. */
const PING_INTERVAL_MS = 25_000;
/**
 * A status has one or two kilobytes, and the kernel buffers some hundred more: a client this far behind does not
 * read.
 */
const MAX_UNREAD_BYTES = 64 * 1024;

/** The content of a stream of events. */
export interface StatusStream {
  readonly profiles: ServedProfiles;
  /** The current agent; undefined once its profile has been removed. */
  readonly agent: () => Agent | undefined;
  /** One line of JSON. */
  readonly say: (agent: Agent) => string;
  /** The last line of JSON before the stream ends because its profile was removed. */
  readonly farewell: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Streams of status events (https://html.spec.whatwg.org/multipage/server-sent-events.html): the status at once,
 * and again whenever it changes or the token has just expired; a comment in between, so that both sides notice when
 * the other is gone. A client that does not read is disconnected.
 */
export class StatusEvents {
  readonly #listeners = new Set<ServerResponse>();

  get isFull(): boolean {
    return this.#listeners.size >= MAX_LISTENERS;
  }

  /** Answers with a stream that ends when the client, the profile or the server goes. */
  open(response: ServerResponse, stream: StatusStream): void {
    const { profiles, now } = stream;
    this.#listeners.add(response);
    let last = '';
    const tell = (): void => {
      const agent = stream.agent();
      if (agent === undefined) {
        response.end(`event: end\ndata: ${stream.farewell()}\n\n`);
        return;
      }
      const status = stream.say(agent);
      const news = `${status} ${hasExpired(agent, now()) ? 'expired' : ''}`;
      if (news === last) return;
      last = news;
      write(response, `event: status\ndata: ${status}\n\n`);
    };
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      Connection: 'close',
    });
    const unwatch = profiles.watch(tell);
    const pinging = setInterval(() => {
      write(response, ': ping\n\n');
      // No change is announced if a profile is removed while no user is signed in to it.
      tell();
    }, PING_INTERVAL_MS);
    pinging.unref();
    response.on('error', () => response.destroy());
    response.on('close', () => {
      unwatch();
      clearInterval(pinging);
      this.#listeners.delete(response);
    });
    tell();
  }
}

function write(response: ServerResponse, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  else response.write(text);
}

/** The status does not change when a token expires, but what users see does. */
function hasExpired({ status: { session } }: Agent, now: number): boolean {
  return session.kind !== 'signed-out' && session.expiresOn !== undefined && session.expiresOn <= now;
}
