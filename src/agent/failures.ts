import type { ProblemCode } from '../words/say.ts';
import { TOTAL_TIMEOUT_MS, type NetworkObservation } from './network.ts';
import { problem, type Problem, type ProblemKind } from './problem.ts';

/** The parts of a failure that decide what it means; read from MSAL's errors by {@link readFailure}. */
export interface Failure {
  readonly errorCode: string;
  readonly subError: string;
  /** The number of `AADSTS…`, 0 when there is none. */
  readonly aadsts: number;
  readonly claims: string | undefined;
  readonly observation: NetworkObservation;
}

interface FailureRow {
  readonly aadsts?: readonly number[];
  readonly errorCode?: readonly string[];
  readonly subError?: readonly string[];
  readonly kind: ProblemKind;
  readonly code: DetailCode;
}

/** The problems that are told by their `{detail}` alone. */
type DetailCode = Extract<
  ProblemCode,
  | 'interaction'
  | 'revoked'
  | 'consent'
  | 'conditional-access'
  | 'wrong-secret'
  | 'expired-secret'
  | 'wrong-redirect'
  | 'wrong-client'
  | 'wrong-scope'
  | 'authority-down'
  | 'unknown'
  | 'sign-in.code-used'
  | 'sign-in.nonce-mismatch'
  | 'throttled'
>;

/**
 * The failure table, first match wins. Numbers: https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
 * `instanceof InteractionRequiredAuthError` is not asked: MSAL files AADSTS70043 as a plain ServerError
 * (facts/msal-entra-agents.md 0.5).
 */
const rows: readonly FailureRow[] = [
  { aadsts: [7000215, 7000218, 7000216], kind: 'admin', code: 'wrong-secret' },
  { aadsts: [7000222], kind: 'admin', code: 'expired-secret' },
  { aadsts: [50011, 500112, 500117], kind: 'admin', code: 'wrong-redirect' },
  { aadsts: [700016, 90002, 900023, 50059], kind: 'admin', code: 'wrong-client' },
  { aadsts: [70011, 28000, 28002, 28003, 500011, 650053, 650057], kind: 'admin', code: 'wrong-scope' },
  { aadsts: [65001, 65004, 90094], kind: 'interaction', code: 'consent' },
  {
    aadsts: [53000, 53001, 53002, 53003, 53004, 53005, 53009, 530002, 530003],
    kind: 'interaction',
    code: 'conditional-access',
  },
  { aadsts: [54005], kind: 'interaction', code: 'sign-in.code-used' },
  {
    aadsts: [50173, 70000, 700082, 70008, 700084, 50132, 50133, 50089, 50057],
    kind: 'interaction',
    code: 'revoked',
  },
  {
    aadsts: [50058, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50129, 50144, 70043, 70044],
    kind: 'interaction',
    code: 'interaction',
  },
  { aadsts: [50196, 90033, 90006, 90012, 90024], kind: 'transient', code: 'authority-down' },
  { subError: ['consent_required'], kind: 'interaction', code: 'consent' },
  { subError: ['protection_policy_required'], kind: 'interaction', code: 'conditional-access' },
  { errorCode: ['nonce_mismatch'], kind: 'interaction', code: 'sign-in.nonce-mismatch' },
  { errorCode: ['invalid_grant'], kind: 'interaction', code: 'interaction' },
  { errorCode: ['consent_required'], kind: 'interaction', code: 'consent' },
  {
    errorCode: [
      'interaction_required',
      'login_required',
      'no_tokens_found',
      'no_account_found',
      'no_account_in_silent_request',
      'refresh_token_expired',
      'token_refresh_required',
      'bad_token',
    ],
    kind: 'interaction',
    code: 'interaction',
  },
  { errorCode: ['invalid_client'], kind: 'admin', code: 'wrong-secret' },
  { errorCode: ['unauthorized_client'], kind: 'admin', code: 'wrong-client' },
  { errorCode: ['invalid_scope', 'invalid_resource', 'invalid_target'], kind: 'admin', code: 'wrong-scope' },
  { errorCode: ['temporarily_unavailable', 'server_error'], kind: 'transient', code: 'authority-down' },
];

function matches(row: FailureRow, failure: Failure): boolean {
  const holds = <Value>(wanted: readonly Value[] | undefined, found: Value): boolean =>
    wanted === undefined || wanted.includes(found);
  return (
    holds(row.aadsts, failure.aadsts) &&
    holds(row.errorCode, failure.errorCode) &&
    holds(row.subError, failure.subError)
  );
}

function field(error: object, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The number in `AADSTS50076: …`, 0 when there is none. */
export function readAadsts(text: string): number {
  return Number(/AADSTS(\d{4,8})/u.exec(text)?.[1] ?? 0);
}

/** Reads MSAL's AuthError family by its fields, so that MSAL itself need not be loaded to judge. */
export function readFailure(error: unknown, observation: NetworkObservation): Failure {
  if (typeof error !== 'object' || error === null) {
    return { errorCode: 'unknown', subError: '', aadsts: 0, claims: undefined, observation };
  }
  const claims = field(error, 'claims');
  return {
    // MSAL's own throttle throws with an empty code; what has none at all is somebody else's error.
    errorCode: field(error, 'errorCode' in error ? 'errorCode' : 'name'),
    subError: field(error, 'subError'),
    aadsts: readAadsts(field(error, 'errorMessage')) || Number(field(error, 'errorNo')) || observation.aadsts,
    claims: claims === '' ? undefined : claims,
    observation,
  };
}

/** A short name for the sentence in brackets; only characters that cannot carry anything else. */
function detailOf(failure: Failure): string {
  if (failure.aadsts !== 0) return `AADSTS${failure.aadsts}`;
  const code = failure.errorCode.replaceAll(/[^\w.-]/gu, '').slice(0, 60);
  if (code !== '') return code;
  return failure.observation.status === undefined ? 'no reason given' : `HTTP ${failure.observation.status}`;
}

/** Node's codes for a certificate that it does not take: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/u;

function networkProblem({
  failure,
  host = 'The authority',
  status,
  retryAfterMs,
}: NetworkObservation): Problem | undefined {
  const later = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (failure?.kind === 'timeout') {
    return problem('transient', 'timeout', { host, seconds: TOTAL_TIMEOUT_MS / 1000 });
  }
  if (failure !== undefined) {
    const code = UNTRUSTED.test(failure.detail) ? 'untrusted' : 'offline';
    return problem('transient', code, { host, detail: failure.detail });
  }
  if (status === 429) return problem('transient', 'throttled', {}, later);
  if (status !== undefined && (status >= 500 || status === 408)) {
    return problem('transient', 'authority-down', { detail: `HTTP ${status}` }, later);
  }
  return undefined;
}

/** Puts a failure into its class. What no row knows is transient: nothing is discarded for an unknown reason. */
export function classify(failure: Failure, redirectUri: string): Problem {
  const network = networkProblem(failure.observation);
  if (network !== undefined && failure.aadsts === 0) return network;
  const row = rows.find((candidate) => matches(candidate, failure));
  // MSAL answers from its own throttle with an empty code and no request (facts 0.4).
  const throttledLocally = failure.errorCode === '' && failure.observation.host === undefined;
  const code: DetailCode = row?.code ?? (throttledLocally ? 'throttled' : 'unknown');
  const kind = row?.kind ?? 'transient';
  const { retryAfterMs } = failure.observation;
  return {
    kind,
    code,
    params: { detail: detailOf(failure), redirectUri },
    ...(failure.claims === undefined ? {} : { claims: failure.claims }),
    ...(kind !== 'transient' || retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
