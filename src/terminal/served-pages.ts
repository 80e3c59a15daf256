import type { Agent } from '../agent/agent.ts';
import { problem, ProblemError } from '../agent/problem.ts';
import type { Places } from '../config/places.ts';
import { portOfRedirectUri } from '../config/redirect-uri.ts';
import { loadAccessKey } from '../outlets/access-key.ts';
import { listenOnLoopback } from '../outlets/loopback.ts';
import type { Log } from '../vault/log.ts';
import { openWeb, type Web } from './web.ts';

/** The pages on their port. */
export interface ServedPages extends Pick<Web, 'invite'> {
  readonly port: number;
  close(): Promise<void>;
}

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Puts the pages on the redirect URI's port of both loopback addresses.
 * @throws ProblemError `redirect-not-loopback`, `port-in-use`, `port-refused`, `socket-directory`
 */
export async function servePages(options: {
  readonly agent: Agent;
  readonly places: Places;
  readonly log: Log;
}): Promise<ServedPages> {
  const { agent, places, log } = options;
  const { redirectUri } = agent.profile;
  const { protocol, hostname } = new URL(redirectUri);
  if (protocol !== 'http:' || !LOOPBACK_HOSTS.has(hostname)) {
    throw new ProblemError(problem('admin', 'redirect-not-loopback', { redirectUri }));
  }
  const accessKey = await loadAccessKey(places);
  const web = openWeb({ agent, redirectUri, accessKey, now: Date.now });
  const server = await listenOnLoopback({
    port: portOfRedirectUri(redirectUri),
    handler: web.handler,
    onError: (error) => log.error('page failed', { error }),
  });
  return { invite: web.invite, port: server.port, close: () => server.close() };
}
