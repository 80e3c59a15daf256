import * as v from 'valibot';
import { problem } from '../../words/problem.ts';
import { problemOf } from '../../agent/failures/thrown.ts';
import { showFound } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import {
  exitCodeOf,
  JSON_SCHEMA_VERSION,
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

/**
 * Where a server gets its tokens: from the sessions of this process, or from their owner over the socket. Never
 * rejects.
 */
export interface TokenSource {
  /** The query is that of {@link answerToken}. Reveals the token: the caller has checked who asks. */
  answerToken(query: URLSearchParams): Promise<Reply<TokenBody | ErrorBody>>;
  /** {@link healthWord} of the default profile. Holds no secret. */
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
 * The owner's sessions, over the socket. Connects for each request, so that a new owner is found at once.
 * @param profile the only profile whose tokens are given; a request for another one is refused, and a client ID is
 * ignored. Undefined: the request selects the profile, by default the default one.
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

const tokenSchema = v.looseObject({
  accessToken: v.string(),
  tokenType: v.string(),
  expires_on: v.pipe(v.number(), v.integer()),
});

const errorSchema = v.object({
  error: v.looseObject({
    // A newer owner may send a kind that is unknown here: asking again later is never wrong.
    kind: v.fallback(
      v.picklist(['transient', 'interaction', 'admin', 'storage', 'usage', 'unexpected']),
      'transient',
    ),
    code: v.string(),
    message: v.string(),
    next: v.string(),
    retryAfterSeconds: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  }),
});

/** The owner's answer, as if it was made in this process. The fields that no outlet here reads are not checked. */
function replyOf({ status, body }: SocketAnswer): Reply<TokenBody | ErrorBody> {
  if (status === 200 && v.is(tokenSchema, body))
    return { exitCode: 0, httpStatus: status, headers: {}, body: body as unknown as TokenBody };
  const refusal = v.safeParse(errorSchema, body);
  if (status === 200 || !refusal.success)
    return replyWithProblem(problem('transient', 'agent-garbled', { detail: String(status) }));
  const { retryAfterSeconds } = refusal.output.error;
  const error = refusal.output.error as ProblemBody;
  return {
    exitCode: error.kind === 'unexpected' ? 1 : exitCodeOf({ ...error, kind: error.kind }),
    httpStatus: status,
    headers: retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
    body: { schemaVersion: JSON_SCHEMA_VERSION, error },
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
