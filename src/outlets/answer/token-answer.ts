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

/** The agent that is asked for, or why there is none. */
export type FoundAgent =
  { readonly kind: 'found'; readonly agent: Agent } | { readonly kind: 'missing'; readonly problem: Problem };

/**
 * The agent of `profile=ID`, else one whose app registration is `client_id`, else the default's. A client id
 * that nobody has is not meant for us: Azure's clients send AZURE_CLIENT_ID along, whatever it was set for.
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

/** Several users of one app registration have the same client id: then the default is meant, if it is among them. */
function agentOfClient(
  profiles: Pick<ServedProfiles, 'list' | 'get'>,
  query: URLSearchParams,
): Agent | undefined {
  const clientId = query.getAll('client_id').at(-1)?.toLowerCase();
  if (clientId === undefined) return undefined;
  const meant = profiles.list.filter(({ profile }) => profile.clientId.toLowerCase() === clientId);
  return meant.find((agent) => agent === profiles.get()) ?? meant[0];
}

/** Nobody has this id, or nobody has any. */
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
 * The token request of a query, answered: the same over the socket and over loopback HTTP. The query may
 * hold `scope`, `resource`, `min_lifetime`, `refresh`, `profile` and `client_id`; see {@link readTokenQuery}.
 * Reveals the token: whoever calls has checked the asker.
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
  // Asked afterwards: the account may have been restored or changed while the refresh was under way.
  const { session } = agent.status;
  const account = session.kind === 'signed-out' ? undefined : session.account;
  const { clientId } = agent.profile;
  const token = answer.kind === 'token' && answer.warning === undefined ? answer.token : undefined;
  const written = token === undefined ? undefined : lastWritten.get(token);
  if (written?.account === account && written?.clientId === clientId) return written.reply;
  const reply = replyWithToken(answer, account);
  if ('error' in reply.body) return reply;
  const body = { ...reply.body, clientId };
  if (token === undefined) return { ...reply, body };
  keepText(body);
  const whole = { ...reply, body };
  lastWritten.set(token, { account, clientId, reply: whole });
  return whole;
}

/**
 * The answer that a token was last given away in. Writing it costs as much as all that Node does for a request,
 * and a token is asked for many times. It goes from memory with the token.
 */
const lastWritten = new WeakMap<
  AccessToken,
  {
    readonly account: Account | undefined;
    readonly clientId: string;
    readonly reply: Reply<TokenBody>;
  }
>();
