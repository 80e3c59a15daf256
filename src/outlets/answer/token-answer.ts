import type { AccessToken, Account } from '../../agent/status/account.ts';
import type { Agent } from '../../agent/agent.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { showFound } from '../../config/rules/issue.ts';
import {
  keepText,
  replyWithProblem,
  replyWithToken,
  type ErrorBody,
  type Reply,
  type TokenBody,
} from './answer.ts';
import type { ServedProfiles } from './host.ts';
import { readTokenQuery } from './token-query.ts';

/** The requested agent, or why there is none. */
export type FoundAgent =
  { readonly kind: 'found'; readonly agent: Agent } | { readonly kind: 'missing'; readonly problem: Problem };

/**
 * The agent of `profile=ID`, otherwise one with the app registration `client_id`, otherwise the default profile's.
 * An unknown client ID is ignored: Azure's clients always send AZURE_CLIENT_ID, whatever it was set for.
 */
export function findAgent(
  profiles: Pick<ServedProfiles, 'list' | 'get'>,
  query: URLSearchParams,
): FoundAgent {
  const id = query.getAll('profile').at(-1);
  const agent = id === undefined ? (agentOfClient(profiles, query) ?? profiles.get()) : profiles.get(id);
  if (agent !== undefined) return { kind: 'found', agent };
  return { kind: 'missing', problem: unknownProfile(profiles, id) };
}

/** Several users of one app registration share a client ID: then the default profile is used if it is one of them. */
function agentOfClient(
  profiles: Pick<ServedProfiles, 'list' | 'get'>,
  query: URLSearchParams,
): Agent | undefined {
  const clientId = query.getAll('client_id').at(-1)?.toLowerCase();
  if (clientId === undefined) return undefined;
  const meant = profiles.list.filter(({ profile }) => profile.clientId.toLowerCase() === clientId);
  return meant.find((agent) => agent === profiles.get()) ?? meant[0];
}

/** The profile that a command must name to use this agent; undefined for the default one. */
export function namedProfile<Served extends { readonly profile: { readonly id: string } }>(
  profiles: { get(): Served | undefined },
  agent: Served,
): string | undefined {
  return profiles.get() === agent ? undefined : agent.profile.id;
}

/** The problem for an unknown ID, or for no profile at all. */
export function unknownProfile(
  profiles: { readonly list: readonly Pick<Agent, 'profile'>[] },
  id: string | undefined,
): Problem {
  const known = profiles.list.map(({ profile }) => profile.id);
  return id === undefined || known.length === 0
    ? problem('admin', 'not-configured')
    : problem('usage', 'profile.unknown', { found: showFound(id) ?? '', known: known.join(', ') });
}

/**
 * Answers the token request of a query, for the socket and for loopback HTTP. The query may hold `scope`,
 * `resource`, `min_lifetime`, `refresh`, `claims`, `profile` and `client_id`; see {@link readTokenQuery}. Reveals
 * the token: the caller has checked who asks.
 */
export async function answerToken(
  profiles: Pick<ServedProfiles, 'list' | 'get'>,
  query: URLSearchParams,
): Promise<Reply<TokenBody | ErrorBody>> {
  const read = readTokenQuery(query);
  if (read.kind === 'wrong') return replyWithProblem(read.problem);
  const found = findAgent(profiles, query);
  if (found.kind === 'missing') return replyWithProblem(found.problem);
  const { agent } = found;
  const answer = await agent.getToken(read.request);
  // Read after the token: the account may have been restored or changed during the refresh.
  const { session } = agent.status;
  const account = session.kind === 'signed-out' ? undefined : session.account;
  const { clientId } = agent.profile;
  const token = answer.kind === 'token' && answer.warning === undefined ? answer.token : undefined;
  const written = token === undefined ? undefined : lastWritten.get(token);
  if (written?.account === account && written?.clientId === clientId) return written.reply;
  const reply = replyWithToken(answer, account, namedProfile(profiles, agent));
  if ('error' in reply.body) return reply;
  const body = { ...reply.body, clientId };
  if (token === undefined) return { ...reply, body };
  keepText(body);
  const whole = { ...reply, body };
  lastWritten.set(token, { account, clientId, reply: whole });
  return whole;
}

/**
 * The last answer with a token. Serializing it takes as long as everything Node does for a request, and a token is
 * requested often. It is dropped from memory with the token.
 */
const lastWritten = new WeakMap<
  AccessToken,
  {
    readonly account: Account | undefined;
    readonly clientId: string;
    readonly reply: Reply<TokenBody>;
  }
>();
