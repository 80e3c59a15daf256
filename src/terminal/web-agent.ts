import type { Agent } from '../agent/agent.ts';
import type { Status } from '../agent/status.ts';
import { portOfRedirectUri } from '../config/redirect-uri.ts';

/** The part of an agent that the pages need. */
export type WebAgent = Pick<Agent, 'profile' | 'status' | 'getToken' | 'beginSignIn'>;

/** The sessions as the pages see them; agents come and go while the pages are open. */
export interface WebProfiles {
  readonly list: readonly WebAgent[];
  /** The default's where no id is given. */
  get(id?: string): WebAgent | undefined;
  watch(watcher: (agent: WebAgent, status: Status) => void): () => void;
}

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The port that the pages of a redirect URI are served on; undefined where it is not http on this machine. */
export function pagesPort(redirectUri: string): number | undefined {
  const { protocol, hostname } = new URL(redirectUri);
  return protocol === 'http:' && LOOPBACK_HOSTS.has(hostname) ? portOfRedirectUri(redirectUri) : undefined;
}

/** The profile's name for the eye: nothing while there is only one (DESIGN, The session of a profile). */
export function spokenName(profiles: Pick<WebProfiles, 'list'>, agent: WebAgent): string | undefined {
  return profiles.list.length > 1 ? agent.profile.name : undefined;
}
