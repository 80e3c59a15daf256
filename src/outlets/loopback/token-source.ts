import * as v from 'valibot';
import { problem } from '../../words/problem.ts';
import { problemOf } from '../../agent/failures/thrown.ts';
import { showFound } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import {
  exitCodeOf,
  replyWithProblem,
  type ErrorBody,
  type ProblemBody,
  type Reply,
  type TokenBody,
} from '../answer/answer.ts';
import { healthWord } from '../answer/health.ts';
import { askOwner, type SocketAnswer } from '../socket/client.ts';
import type { ServedProfiles } from '../answer/host.ts';
import { answerToken } from '../answer/token-answer.ts';

/** Where a server's tokens come from: the sessions of this process, or their owner over the socket. Nothing rejects. */
export interface TokenSource {
  /** The query is read as {@link answerToken} reads it. Reveals the token: whoever calls has checked the asker. */
  answerToken(query: URLSearchParams): Promise<Reply<TokenBody | ErrorBody>>;
  /** One word, nothing secret: {@link healthWord} of the profile that is meant where none is named. */
  health(): Promise<string>;
}

/** The sessions of this process. */
export function profilesSource(profiles: Pick<ServedProfiles, 'list' | 'get'>): TokenSource {
  return {
    answerToken: (query) => answerToken(profiles, query).catch(replyWithThrown),
    health: () => Promise.resolve(healthWord(profiles.get()?.status)),
  };
}

/**
 * The owner's sessions, asked over the socket each time: a new owner is found as soon as it is there.
 * @param profile whose tokens are given away, and nobody else's: a request that names another is refused, and a
 * client id chooses nothing. When undefined, the request chooses, and the default is meant where it names none.
 */
export function ownerSource(
  places: Pick<Places, 'runtimeDirectory' | 'socketPath'>,
  profile: string | undefined,
): TokenSource {
  const named = (query: URLSearchParams): string => {
    const all = new URLSearchParams(query);
    if (profile !== undefined) all.set('profile', profile);
    return all.size === 0 ? '' : `?${all.toString()}`;
  };
  return {
    answerToken: async (query) => {
      const other = query.getAll('profile').find((id) => id !== profile);
      if (profile !== undefined && other !== undefined) {
        const found = showFound(other) ?? '';
        return replyWithProblem(problem('usage', 'request.other-profile', { profile, found }));
      }
      try {
        return replyOf(await askOwner(places, 'GET', `/v1/token${named(query)}`));
      } catch (error) {
        return replyWithThrown(error);
      }
    },
    health: async () => {
      try {
        return healthOf(await askOwner(places, 'GET', `/v1/status${named(new URLSearchParams())}`));
      } catch (error) {
        return problemOf(error).code;
      }
    },
  };
}

const problemSchema = v.looseObject({
  // An owner of another version may know a kind that this one does not: asking again later is never wrong.
  kind: v.fallback(
    v.picklist(['transient', 'interaction', 'admin', 'storage', 'usage', 'unexpected']),
    'transient',
  ),
  code: v.pipe(
    v.string(),
    v.transform((code) => code as ProblemBody['code']),
  ),
  message: v.string(),
  next: v.string(),
  retryAfterSeconds: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

const tokenSchema = v.looseObject({
  schemaVersion: v.literal(1),
  accessToken: v.string(),
  tokenType: v.string(),
  expiresOn: v.string(),
  expires_on: v.pipe(v.number(), v.integer()),
  scopes: v.array(v.string()),
  account: v.nullable(
    v.looseObject({
      username: v.string(),
      name: v.string(),
      tenantId: v.string(),
      homeAccountId: v.string(),
    }),
  ),
  clientId: v.exactOptional(v.string()),
  warning: v.exactOptional(problemSchema),
});

const errorSchema = v.looseObject({ schemaVersion: v.literal(1), error: problemSchema });

/** The owner's answer as it would be here. */
function replyOf({ status, body }: SocketAnswer): Reply<TokenBody | ErrorBody> {
  const token = v.safeParse(tokenSchema, body);
  if (status === 200 && token.success) {
    return { exitCode: 0, httpStatus: status, headers: {}, body: token.output };
  }
  const refusal = v.safeParse(errorSchema, body);
  if (status === 200 || !refusal.success) {
    return replyWithProblem(problem('transient', 'agent-garbled', { detail: String(status) }));
  }
  const { error } = refusal.output;
  const { kind, code, retryAfterSeconds } = error;
  return {
    exitCode: kind === 'unexpected' ? 1 : exitCodeOf({ kind, code }),
    httpStatus: status,
    headers: retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
    body: refusal.output,
  };
}

const statusSchema = v.object({
  session: v.object({ kind: v.string() }),
  health: v.object({ kind: v.string() }),
  storage: v.object({ kind: v.string() }),
});

function healthOf({ body }: SocketAnswer): string {
  const status = v.safeParse(statusSchema, body);
  if (status.success) return healthWord(status.output);
  const refusal = v.safeParse(errorSchema, body);
  return refusal.success ? refusal.output.error.code : 'agent-garbled';
}

function replyWithThrown(error: unknown): Reply<ErrorBody> {
  return replyWithProblem(problemOf(error));
}
