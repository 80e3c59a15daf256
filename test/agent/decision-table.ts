// "What an asker gets" (DESIGN) as data: one row a cell. get-token's decision test runs every row through
// a real agent; outlets and the command replay the same rows with `answerOf`.
import type { AccessToken } from '../../src/agent/account.ts';
import type { TokenAnswer, TokenRequest } from '../../src/agent/lifetime.ts';
import { problem, type Problem } from '../../src/agent/problem.ts';
import { Secret } from '../../src/vault/secret.ts';

const MINUTE_MS = 60_000;
/** How long the authority's tokens live in this table. */
export const LIFE_MS = 60 * MINUTE_MS;
/** What is left of the token before anybody asks; `none`: it has expired. */
export const LEFT_MS = { enough: 30 * MINUTE_MS, 'too little': 5 * MINUTE_MS, none: 0 } as const;

export type TokenLeft = keyof typeof LEFT_MS;

/** How the refresh ends, or why there is none. */
export type RefreshOutcome =
  | 'not needed'
  | 'succeeds'
  | 'transient'
  | 'interaction'
  | 'admin'
  | 'storage'
  | 'signed out'
  | 'signed out, no keyring'
  | 'keyring locked at start';

export interface DecisionRow {
  readonly left: TokenLeft;
  readonly refresh: RefreshOutcome;
  readonly asked: 'wish' | 'demand' | 'demand beyond the longest life';
  readonly request: TokenRequest;
  /** `old`: the token that is left. */
  readonly gets: 'old token' | 'new token' | 'refusal';
  /** The refusal, or the warning beside an old token. */
  readonly problem: Problem | undefined;
  readonly exitCode: 0 | 2 | 10 | 11 | 12 | 14;
  readonly httpStatus: 200 | 400 | 503;
  /** Whether the answer says when to come back: the `Retry-After` header, `retryAfterSeconds` in JSON. */
  readonly retryAfter: 'yes' | 'no';
}

const wish: TokenRequest = {};
const DEMAND_MS = { enough: 20 * MINUTE_MS, 'too little': 10 * MINUTE_MS, none: MINUTE_MS } as const;
const demand = (left: TokenLeft): TokenRequest => ({ minLifetimeMs: DEMAND_MS[left] });

const transient = problem(
  'transient',
  'offline',
  { host: 'login.example.test', detail: 'ECONNREFUSED' },
  { retryAfterMs: 65_000 },
);
const interaction = problem('interaction', 'interaction', { detail: 'AADSTS50076' });
const admin = problem('admin', 'expired-secret', { detail: 'AADSTS7000222' });
const storage = problem('storage', 'storage.unavailable', { detail: 'the keyring is locked' });
const locked = problem('storage', 'storage.locked', { detail: 'the keyring is locked' });
const signedOut = problem('interaction', 'signed-out');
const beyond = problem('usage', 'lifetime-too-long', { asked: '2 h', longest: '60 min' });

type Gets = Pick<DecisionRow, 'gets' | 'problem' | 'exitCode' | 'httpStatus' | 'retryAfter'>;

const token = (gets: 'old token' | 'new token', warning?: Problem): Gets => ({
  gets,
  problem: warning,
  exitCode: 0,
  httpStatus: 200,
  retryAfter: 'no',
});

function refusal(reason: Problem, exitCode: 2 | 10 | 11 | 12 | 14): Gets {
  const isTransient = exitCode === 11;
  return {
    gets: 'refusal',
    problem: reason,
    exitCode,
    httpStatus: isTransient ? 503 : 400,
    retryAfter: isTransient ? 'yes' : 'no',
  };
}

/** A cell for whoever wishes and a cell for whoever demands. */
function cells(left: TokenLeft, refresh: RefreshOutcome, wished: Gets, demanded: Gets): DecisionRow[] {
  return [
    { left, refresh, asked: 'wish', request: wish, ...wished },
    { left, refresh, asked: 'demand', request: demand(left), ...demanded },
  ];
}

const beyondReach = (left: TokenLeft): DecisionRow => ({
  left,
  refresh: 'succeeds',
  asked: 'demand beyond the longest life',
  request: { minLifetimeMs: 2 * LIFE_MS },
  ...refusal(beyond, 2),
});

/** Every cell of the table that an agent answers. */
export const decisions: readonly DecisionRow[] = [
  ...cells('enough', 'not needed', token('old token'), token('old token')),
  ...cells('too little', 'succeeds', token('new token'), token('new token')),
  ...cells('too little', 'transient', token('old token', transient), refusal(transient, 11)),
  ...cells('too little', 'interaction', token('old token', interaction), refusal(interaction, 10)),
  ...cells('too little', 'admin', token('old token', admin), refusal(admin, 12)),
  ...cells('too little', 'storage', token('old token', storage), refusal(storage, 14)),
  ...cells('none', 'succeeds', token('new token'), token('new token')),
  ...cells('none', 'transient', refusal(transient, 11), refusal(transient, 11)),
  ...cells('none', 'interaction', refusal(interaction, 10), refusal(interaction, 10)),
  ...cells('none', 'signed out', refusal(signedOut, 10), refusal(signedOut, 10)),
  ...cells('none', 'signed out, no keyring', refusal(signedOut, 10), refusal(signedOut, 10)),
  ...cells('none', 'admin', refusal(admin, 12), refusal(admin, 12)),
  ...cells('none', 'storage', refusal(storage, 14), refusal(storage, 14)),
  ...cells('none', 'keyring locked at start', refusal(locked, 14), refusal(locked, 14)),
  beyondReach('enough'),
  beyondReach('too little'),
  beyondReach('none'),
];

/** The last row: no agent runs, so nobody answers; the command says so itself, whatever was asked. */
export const withoutAgent = [
  { asked: 'wish', request: wish, exitCode: 13, problem: problem('admin', 'agent-not-running') },
  { asked: 'demand', request: demand('none'), exitCode: 13, problem: problem('admin', 'agent-not-running') },
] as const;

/** A row's name in a test's title. */
export const nameOf = ({ left, refresh, asked }: DecisionRow): string =>
  `token left: ${left}, refresh: ${refresh}, ${asked}`;

/** What the agent answers in a row, for doubles of the agent; the old token is `old-token`, a new one `new-token`. */
export function answerOf(row: DecisionRow, now: number): TokenAnswer {
  if (row.gets === 'refusal') {
    if (row.problem === undefined) throw new Error('a refusal has a problem');
    return { kind: 'refused', problem: row.problem };
  }
  const isNew = row.gets === 'new token';
  const expiresOn = now + (isNew ? LIFE_MS : LEFT_MS[row.left]);
  const given: AccessToken = {
    value: new Secret(isNew ? 'new-token' : 'old-token'),
    tokenType: 'Bearer',
    scopes: ['User.Read'],
    obtainedAt: expiresOn - LIFE_MS,
    expiresOn,
  };
  return { kind: 'token', token: given, warning: row.problem };
}
