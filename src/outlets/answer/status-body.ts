import type { Agent } from '../../agent/agent.ts';
import type { Problem } from '../../words/problem.ts';
import type { LastRefresh } from '../../agent/refresh/renewals.ts';
import type { Activity, Health, Session, StorageHealth } from '../../agent/status/status.ts';
import type { Protocol } from '../../config/profile/profile.ts';
import type { Surface } from '../../words/say.ts';
import { accountBody, problemBody, rfc3339, type AccountBody, type ProblemBody } from './answer.ts';

/** The status as JSON carries it: times in RFC 3339, problems as sentences. Holds no secret. */
export interface StatusBody {
  readonly profile: {
    readonly id: string;
    readonly name: string;
    /** Whether it is the default profile. */
    readonly isDefault: boolean;
    readonly protocol: Protocol;
    readonly authority: string;
    readonly clientId: string;
    readonly redirectUri: string;
    /** `passing`: the owner uses a `.env` instead of the stored settings (`tokentray serve --from-env`). */
    readonly source: 'stored' | 'passing';
    readonly scopes: readonly string[];
  };
  readonly session: {
    readonly kind: Session['kind'];
    readonly account?: AccountBody;
    readonly expiresOn?: string;
    /** When the token that expires at {@link expiresOn} was obtained. */
    readonly obtainedOn?: string;
    readonly reason?: ProblemBody;
  };
  readonly activity: {
    readonly kind: Activity['kind'];
    readonly cause?: string;
    readonly nextTryAt?: string;
  };
  readonly health: { readonly kind: Health['kind']; readonly since?: string; readonly reason?: ProblemBody };
  readonly storage: { readonly kind: StorageHealth['kind']; readonly reason?: ProblemBody };
  /** The result of the last refresh since the start of this process. */
  readonly lastRefresh?: {
    readonly kind: LastRefresh['kind'];
    readonly at: string;
    readonly reason?: ProblemBody;
  };
  readonly nextRefreshAt?: string;
  readonly nextScheduledAt?: string;
  /** The problems with the files that hold this profile's tokens. */
  readonly tokenFileTroubles?: readonly ProblemBody[];
}

/** The part of an agent that is reported. */
type ToldAgent = Pick<
  Agent,
  'profile' | 'status' | 'held' | 'lastRefresh' | 'nextRefreshAt' | 'nextScheduledAt'
>;

type InWords = (reason: Problem) => ProblemBody;

/** The status of an agent, for `GET /v1/status` and similar routes. */
export function statusBody(
  agent: ToldAgent,
  told: {
    readonly standing: 'default' | 'further';
    /** Where its problems are shown. */
    readonly surface: Surface;
    readonly source: StatusBody['profile']['source'];
    readonly tokenFileTroubles: readonly Problem[];
  },
): StatusBody {
  const { standing, surface, source, tokenFileTroubles } = told;
  const { id, name, protocol, authority, clientId, redirectUri, scopes } = agent.profile;
  const isDefault = standing === 'default';
  const inWords: InWords = (reason) => problemBody(reason, surface, isDefault ? undefined : id);
  const { session, activity, health, storage } = agent.status;
  const { lastRefresh } = agent;
  return {
    profile: { id, name, isDefault, protocol, authority, clientId, redirectUri, source, scopes },
    session: sessionBody(session, agent.held?.obtainedAt, inWords),
    activity: activityBody(activity),
    health: {
      kind: health.kind,
      ...at('since', 'since' in health ? health.since : undefined),
      ...because(health, inWords),
    },
    storage: { kind: storage.kind, ...because(storage, inWords) },
    ...(lastRefresh === undefined ? {} : { lastRefresh: refreshBody(lastRefresh, inWords) }),
    ...at('nextRefreshAt', agent.nextRefreshAt),
    ...at('nextScheduledAt', agent.nextScheduledAt),
    ...(tokenFileTroubles.length === 0 ? {} : { tokenFileTroubles: tokenFileTroubles.map(inWords) }),
  };
}

function refreshBody(last: LastRefresh, inWords: InWords): StatusBody['lastRefresh'] & object {
  return { kind: last.kind, at: rfc3339(last.at), ...because(last, inWords) };
}

function at<Name extends string>(name: Name, time: number | undefined): { readonly [Key in Name]?: string } {
  return time === undefined ? {} : ({ [name]: rfc3339(time) } as { readonly [Key in Name]?: string });
}

/** The reason of a part that has one. */
function because(
  part: Session | Health | StorageHealth | LastRefresh,
  inWords: InWords,
): { readonly reason?: ProblemBody } {
  return 'reason' in part ? { reason: inWords(part.reason) } : {};
}

function sessionBody(
  session: Session,
  obtainedAt: number | undefined,
  inWords: InWords,
): StatusBody['session'] {
  const { kind } = session;
  if (session.kind === 'signed-out') return { kind };
  return {
    kind,
    account: accountBody(session.account),
    ...at('expiresOn', session.expiresOn),
    ...at('obtainedOn', obtainedAt),
    ...because(session, inWords),
  };
}

function activityBody(activity: Activity): StatusBody['activity'] {
  const { kind } = activity;
  switch (activity.kind) {
    case 'idle':
    case 'signing-in':
      return { kind };
    case 'refreshing':
      return { kind, cause: activity.cause };
    case 'waiting':
      return { kind, ...at('nextTryAt', activity.nextTryAt) };
  }
}
