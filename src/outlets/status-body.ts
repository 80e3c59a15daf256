import type { Agent } from '../agent/agent.ts';
import type { Problem } from '../agent/problem.ts';
import type { Activity, Health, Session } from '../agent/status.ts';
import { accountBody, problemBody, rfc3339, type AccountBody, type ProblemBody } from './answer.ts';

/** The status as JSON carries it: the three parts, times in RFC 3339, problems in words. No secret. */
export interface StatusBody {
  readonly profile: {
    readonly id: string;
    readonly authority: string;
    readonly clientId: string;
    readonly scopes: readonly string[];
  };
  readonly session: {
    readonly kind: Session['kind'];
    readonly account?: AccountBody;
    readonly expiresOn?: string;
    readonly reason?: ProblemBody;
  };
  readonly activity: {
    readonly kind: Activity['kind'];
    readonly cause?: string;
    readonly nextTryAt?: string;
  };
  readonly health: { readonly kind: Health['kind']; readonly since?: string; readonly reason?: ProblemBody };
  readonly nextScheduledAt?: string;
}

/** The status of an agent for `GET /v1/status`. */
export function statusBody(agent: Pick<Agent, 'profile' | 'status' | 'nextScheduledAt'>): StatusBody {
  const { id, authority, clientId, scopes } = agent.profile;
  const { session, activity, health } = agent.status;
  return {
    profile: { id, authority, clientId, scopes },
    session: sessionBody(session),
    activity: activityBody(activity),
    health: healthBody(health),
    ...at('nextScheduledAt', agent.nextScheduledAt),
  };
}

function at<Name extends string>(name: Name, time: number | undefined): { readonly [Key in Name]?: string } {
  return time === undefined ? {} : ({ [name]: rfc3339(time) } as { readonly [Key in Name]?: string });
}

function because(reason: Problem): { readonly reason: ProblemBody } {
  return { reason: problemBody(reason) };
}

function sessionBody(session: Session): StatusBody['session'] {
  const { kind } = session;
  switch (session.kind) {
    case 'signed-out':
      return { kind };
    case 'signed-in':
      return { kind, account: accountBody(session.account), ...at('expiresOn', session.expiresOn) };
    case 'sign-in-needed':
      return {
        kind,
        account: accountBody(session.account),
        ...at('expiresOn', session.expiresOn),
        ...because(session.reason),
      };
  }
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

function healthBody(health: Health): StatusBody['health'] {
  const { kind } = health;
  switch (health.kind) {
    case 'ok':
      return { kind };
    case 'offline':
      return { kind, ...at('since', health.since), ...because(health.reason) };
    case 'configuration':
    case 'storage':
      return { kind, ...because(health.reason) };
  }
}
