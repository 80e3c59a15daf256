import type { Agent } from '../agent/agent.ts';
import { problem, type Problem } from '../agent/problem.ts';
import { showFound } from '../config/issue.ts';
import { replyWithProblem, replyWithToken, type Reply } from './answer.ts';
import type { ServedProfiles } from './socket-host.ts';
import { readTokenQuery } from './token-query.ts';

/** The agent that is asked for, or why there is none. */
export type FoundAgent =
  { readonly kind: 'found'; readonly agent: Agent } | { readonly kind: 'missing'; readonly problem: Problem };

/** The agent of `profile=ID`, the default's where none is named. */
export function findAgent(
  profiles: Pick<ServedProfiles, 'list' | 'get'>,
  query: URLSearchParams,
): FoundAgent {
  const id = query.getAll('profile').at(-1);
  const agent = profiles.get(id);
  if (agent !== undefined) return { kind: 'found', agent };
  return { kind: 'missing', problem: unknownProfile(profiles, id) };
}

/** Nobody has this id, or nobody has any. */
export function unknownProfile(profiles: Pick<ServedProfiles, 'list'>, id: string | undefined): Problem {
  const known = profiles.list.map(({ profile }) => profile.id);
  return id === undefined || known.length === 0
    ? problem('admin', 'not-configured')
    : problem('usage', 'profile.unknown', { found: showFound(id) ?? '', known: known.join(', ') });
}

/**
 * The token request of a query, answered: the same over the socket and over loopback HTTP. The query may
 * hold `scope`, `resource`, `min_lifetime`, `refresh` and `profile`; see {@link readTokenQuery}. Reveals the
 * token: whoever calls has checked the asker.
 */
export async function answerToken(
  profiles: Pick<ServedProfiles, 'list' | 'get'>,
  query: URLSearchParams,
): Promise<Reply> {
  const read = readTokenQuery(query);
  if (read.kind === 'wrong') return replyWithProblem(read.problem);
  const found = findAgent(profiles, query);
  if (found.kind === 'missing') return replyWithProblem(found.problem);
  const { agent } = found;
  const answer = await agent.getToken(read.request);
  // Asked afterwards: the account may have been restored or changed while the refresh was under way.
  const { session } = agent.status;
  return replyWithToken(answer, session.kind === 'signed-out' ? undefined : session.account);
}
