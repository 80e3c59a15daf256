import type { Agent } from '../../../agent/agent.ts';
import type { Status } from '../../../agent/status/status.ts';

/** The part of an agent that the pages need. */
export type WebAgent = Pick<
  Agent,
  | 'profile'
  | 'status'
  | 'held'
  | 'lastRefresh'
  | 'nextRefreshAt'
  | 'nextScheduledAt'
  | 'getToken'
  | 'beginSignIn'
>;

/** The sessions as the pages see them; agents come and go while the pages are open. */
export interface WebProfiles {
  readonly list: readonly WebAgent[];
  /** The default profile's agent if no id is given. */
  get(id?: string): WebAgent | undefined;
  watch(watcher: (agent: WebAgent, status: Status) => void): () => void;
}

/** The name of the profile, for display: undefined if there is only one, so that the pages do not mention profiles. */
export function spokenName(profiles: Pick<WebProfiles, 'list'>, agent: WebAgent): string | undefined {
  return profiles.list.length > 1 ? agent.profile.name : undefined;
}
