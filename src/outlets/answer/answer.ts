import type { AccessToken, Account } from '../../agent/status/account.ts';
import type { TokenAnswer } from '../../agent/refresh/lifetime.ts';
import type { Problem, Reference } from '../../words/problem.ts';
import { sayProblem, type Surface } from '../../words/say.ts';

/**
 * 0 ok, 1 failure, 2 usage, 10 sign-in needed, 11 transient, 12 configuration or admin, 13 agent not running, 14
 * storage.
 */
export type ExitCode = 0 | 1 | 2 | 10 | 11 | 12 | 13 | 14;

/** Part of every JSON body. Adding a field does not change it. */
export const JSON_SCHEMA_VERSION = 1;

/**
 * For Retry-After if no time is known. The agent's first retry comes 65 s after a failure (backoff.ts), so that
 * asking earlier gives the same answer.
 */
const DEFAULT_RETRY_AFTER_SECONDS = 65;

/** A problem as JSON carries it. `message` and `next` are sentences. */
export interface ProblemBody {
  /** `unexpected`: an unknown cause, for which no next step is suggested. */
  readonly kind: Problem['kind'] | 'unexpected';
  readonly code: Problem['code'];
  readonly message: string;
  readonly next: string;
  readonly retryAfterSeconds?: number;
  /** What an administrator needs to find a refusal in the sign-in logs. */
  readonly reference?: Reference;
}

/** The account as JSON carries it. Holds no secret. */
export type AccountBody = Pick<Account, 'username' | 'name' | 'tenantId' | 'homeAccountId'>;

/**
 * The body of an answer with a token. `expiresOn` is RFC 3339 in UTC, `expires_on` Unix seconds, as Azure's clients
 * write it.
 */
export interface TokenBody {
  readonly schemaVersion: typeof JSON_SCHEMA_VERSION;
  readonly accessToken: string;
  readonly tokenType: string;
  readonly expiresOn: string;
  readonly expires_on: number;
  readonly scopes: readonly string[];
  readonly account: AccountBody | null;
  /** The app registration that the token was issued to; only in answers of a server. */
  readonly clientId?: string;
  /** Why the token could not be renewed, if it is what was left of the old one. */
  readonly warning?: ProblemBody;
}

export interface ErrorBody {
  readonly schemaVersion: typeof JSON_SCHEMA_VERSION;
  readonly error: ProblemBody;
}

/** An answer, in the terms of every outlet. */
export interface Reply<Body = object> {
  readonly exitCode: ExitCode;
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** The answer to a token request. Reveals the token: the caller has checked who asks. */
export function replyWithToken(
  answer: TokenAnswer,
  account: Account | undefined,
  profile?: string,
): Reply<TokenBody | ErrorBody> {
  switch (answer.kind) {
    case 'token':
      return { exitCode: 0, httpStatus: 200, headers: {}, body: tokenBody(answer, account, profile) };
    case 'refused':
      return replyWithProblem(answer.problem, profile);
  }
}

/**
 * The answer for a problem: exit code, HTTP status and Retry-After by its kind.
 * @param profile the profile that commands in its next step name; undefined for the default one
 */
export function replyWithProblem(problem: Problem, profile?: string): Reply<ErrorBody> {
  const retryAfter = retryAfterSeconds(problem);
  return {
    exitCode: exitCodeOf(problem),
    httpStatus: httpStatusOf(problem),
    headers: retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) },
    body: { schemaVersion: JSON_SCHEMA_VERSION, error: problemBody(problem, 'terminal', profile) },
  };
}

/** `surface` and `profile` decide on the next step, as in `sayProblem`. */
export function problemBody(problem: Problem, surface: Surface = 'terminal', profile?: string): ProblemBody {
  const { sentence, next } = sayProblem(problem, surface, profile);
  const seconds = retryAfterSeconds(problem);
  return {
    kind: problem.code === 'unexpected' ? 'unexpected' : problem.kind,
    code: problem.code,
    message: sentence,
    next,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    ...(problem.reference === undefined ? {} : { reference: problem.reference }),
  };
}

function httpStatusOf({ kind, code }: Problem): number {
  if (code === 'unexpected') return 500;
  return kind === 'transient' ? 503 : 400;
}

/** The exit code of a problem, also of one that came as JSON. */
export function exitCodeOf(problem: Pick<Problem, 'kind' | 'code'>): ExitCode {
  if (problem.code === 'agent-not-running') return 13;
  if (problem.code === 'already-running' || problem.code === 'unexpected') return 1;
  switch (problem.kind) {
    case 'transient':
      return 11;
    case 'interaction':
      return 10;
    case 'admin':
      return 12;
    case 'storage':
      return 14;
    case 'usage':
      return 2;
  }
}

/** The texts of bodies that are sent often. A text is dropped from memory with its body. */
const keptTexts = new WeakMap<object, string>();

/** A body as it is sent: JSON and a line break. */
export function jsonText(body: object): string {
  return keptTexts.get(body) ?? `${JSON.stringify(body)}\n`;
}

/** Serializes a body once for all answers that use it. The body must not change afterwards. */
export function keepText(body: object): void {
  keptTexts.set(body, jsonText(body));
}

/** Milliseconds since the epoch as RFC 3339 in UTC, in whole seconds. */
export function rfc3339(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Whole seconds, rounded up, so that a client that waits them does not come too early. */
function retryAfterSeconds(problem: Problem): number | undefined {
  if (problem.kind !== 'transient') return undefined;
  if (problem.retryAfterMs === undefined) return DEFAULT_RETRY_AFTER_SECONDS;
  return Math.max(1, Math.ceil(problem.retryAfterMs / 1000));
}

/** A token as JSON carries it. Reveals the token. */
export function tokenBody(
  { token, warning }: { readonly token: AccessToken; readonly warning: Problem | undefined },
  account: Account | undefined,
  profile?: string,
): TokenBody {
  return {
    schemaVersion: JSON_SCHEMA_VERSION,
    accessToken: token.value.reveal(),
    tokenType: token.tokenType,
    expiresOn: rfc3339(token.expiresOn),
    expires_on: Math.floor(token.expiresOn / 1000),
    scopes: token.scopes,
    account: account === undefined ? null : accountBody(account),
    ...(warning === undefined ? {} : { warning: problemBody(warning, 'terminal', profile) }),
  };
}

export function accountBody({ username, name, tenantId, homeAccountId }: Account): AccountBody {
  return { username, name, tenantId, homeAccountId };
}
