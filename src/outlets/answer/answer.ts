import type { AccessToken, Account } from '../../agent/status/account.ts';
import type { TokenAnswer } from '../../agent/refresh/lifetime.ts';
import type { Problem } from '../../words/problem.ts';
import { sayProblem } from '../../words/say.ts';

/**
 * 0 ok, 1 failure, 2 usage, 10 sign-in needed, 11 transient, 12 configuration or admin, 13 agent not
 * running, 14 storage (DESIGN, What people see).
 */
export type ExitCode = 0 | 1 | 2 | 10 | 11 | 12 | 13 | 14;

/** Of every JSON that leaves; a field may be added without changing it. */
export const JSON_SCHEMA_VERSION = 1;

/**
 * For Retry-After where no time is known: the agent's own first retry after a failure comes after 65 s
 * (agent/backoff.ts), so asking earlier gives the same answer.
 */
const DEFAULT_RETRY_AFTER_SECONDS = 65;

/** A problem as JSON carries it. `message` and `next` are sentences for people. */
export interface ProblemBody {
  /** `unexpected`: what nobody knows, so that nobody is told to do something about it. */
  readonly kind: Problem['kind'] | 'unexpected';
  readonly code: Problem['code'];
  readonly message: string;
  readonly next: string;
  readonly retryAfterSeconds?: number;
}

/** The account as JSON carries it; nothing in it is secret. */
export type AccountBody = Pick<Account, 'username' | 'name' | 'tenantId' | 'homeAccountId'>;

/** What leaves with a token. `expiresOn` is RFC 3339 UTC, `expires_on` Unix seconds, as Azure's own clients write it. */
export interface TokenBody {
  readonly schemaVersion: typeof JSON_SCHEMA_VERSION;
  readonly accessToken: string;
  readonly tokenType: string;
  readonly expiresOn: string;
  readonly expires_on: number;
  readonly scopes: readonly string[];
  readonly account: AccountBody | null;
  /** The app registration that the token was given to; only where a server answers. */
  readonly clientId?: string;
  /** Why the token could not be renewed, where it is what was left. */
  readonly warning?: ProblemBody;
}

export interface ErrorBody {
  readonly schemaVersion: typeof JSON_SCHEMA_VERSION;
  readonly error: ProblemBody;
}

/** One answer in the terms of every outlet. */
export interface Reply<Body = object> {
  readonly exitCode: ExitCode;
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/**
 * The answer to a request for a token, by DESIGN's table "What an asker gets". Each call reveals the
 * token: only outlets that have checked the asker call it.
 */
export function replyWithToken(
  answer: TokenAnswer,
  account: Account | undefined,
): Reply<TokenBody | ErrorBody> {
  switch (answer.kind) {
    case 'token':
      return { exitCode: 0, httpStatus: 200, headers: {}, body: tokenBody(answer, account) };
    case 'refused':
      return replyWithProblem(answer.problem);
  }
}

/** The answer that is a problem: exit code, HTTP status and Retry-After by the problem's kind. */
export function replyWithProblem(problem: Problem): Reply<ErrorBody> {
  const retryAfter = retryAfterSeconds(problem);
  return {
    exitCode: exitCodeOf(problem),
    httpStatus: httpStatusOf(problem),
    headers: retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) },
    body: { schemaVersion: JSON_SCHEMA_VERSION, error: problemBody(problem) },
  };
}

/** A problem as JSON carries it. */
export function problemBody(problem: Problem): ProblemBody {
  const { sentence, next } = sayProblem(problem);
  const seconds = retryAfterSeconds(problem);
  return {
    kind: problem.code === 'unexpected' ? 'unexpected' : problem.kind,
    code: problem.code,
    message: sentence,
    next,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
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

/** The texts of bodies that are given to many; each goes from memory with its body. */
const keptTexts = new WeakMap<object, string>();

/** A body as it is sent: JSON and a line break. */
export function jsonText(body: object): string {
  return keptTexts.get(body) ?? `${JSON.stringify(body)}\n`;
}

/** Writes the text of a body, which must not change any more, once for all who will be given it. */
export function keepText(body: object): void {
  keptTexts.set(body, jsonText(body));
}

/** Milliseconds since the epoch as RFC 3339 in UTC, in whole seconds. */
export function rfc3339(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Whole seconds, rounded up: whoever comes back then must not be too early. */
function retryAfterSeconds(problem: Problem): number | undefined {
  if (problem.kind !== 'transient') return undefined;
  if (problem.retryAfterMs === undefined) return DEFAULT_RETRY_AFTER_SECONDS;
  return Math.max(1, Math.ceil(problem.retryAfterMs / 1000));
}

/** A token as JSON carries it. Reveals the token. */
export function tokenBody(
  { token, warning }: { readonly token: AccessToken; readonly warning: Problem | undefined },
  account: Account | undefined,
): TokenBody {
  return {
    schemaVersion: JSON_SCHEMA_VERSION,
    accessToken: token.value.reveal(),
    tokenType: token.tokenType,
    expiresOn: rfc3339(token.expiresOn),
    expires_on: Math.floor(token.expiresOn / 1000),
    scopes: token.scopes,
    account: account === undefined ? null : accountBody(account),
    ...(warning === undefined ? {} : { warning: problemBody(warning) }),
  };
}

/** The account as JSON carries it. */
export function accountBody({ username, name, tenantId, homeAccountId }: Account): AccountBody {
  return { username, name, tenantId, homeAccountId };
}
