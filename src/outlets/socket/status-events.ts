import type { ServerResponse } from 'node:http';
import type { Agent } from '../../agent/agent.ts';
import type { ServedProfiles } from '../answer/host.ts';

/**
 * A tray, terminals, and each process with the library, for each profile that it uses. Half of the connections
 * that are let in at all (MAX_CONNECTIONS), so that whoever asks for a token still finds the other half.
 */
export const MAX_LISTENERS = 512;
/** Proxies and people's own time-outs are seldom shorter than half a minute. */
const PING_INTERVAL_MS = 25_000;
/**
 * A status has one or two kilobytes, and the kernel holds some hundred more: whoever is this far behind
 * does not read.
 */
const MAX_UNREAD_BYTES = 64 * 1024;

/** What a stream of events tells, and about what. */
export interface StatusStream {
  readonly profiles: ServedProfiles;
  /** The agent that is meant now; undefined once its profile has been removed. */
  readonly agent: () => Agent | undefined;
  /** One line of JSON. */
  readonly say: (agent: Agent) => string;
  /** What is said, as one line of JSON, before the stream ends because there is no agent any more. */
  readonly farewell: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Streams of status events (https://html.spec.whatwg.org/multipage/server-sent-events.html): the status at
 * once, and again whenever it says something else or the token has just expired; a comment in between, so
 * that both sides notice when the other has gone. Who does not read is dropped, not buffered for.
 */
export class StatusEvents {
  readonly #listeners = new Set<ServerResponse>();

  get isFull(): boolean {
    return this.#listeners.size >= MAX_LISTENERS;
  }

  /** Answers with a stream that ends when the asker, the profile or the server goes. */
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
      // A profile that was removed while nobody was signed in to it is announced by nobody.
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

/** Nothing in the status changes when a token expires, but what people are shown does. */
function hasExpired({ status: { session } }: Agent, now: number): boolean {
  return session.kind !== 'signed-out' && session.expiresOn !== undefined && session.expiresOn <= now;
}
