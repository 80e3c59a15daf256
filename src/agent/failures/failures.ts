import type { Credential } from '../../config/credential/credential.ts';
import type { Protocol } from '../../config/profile/profile.ts';
import { say } from '../../words/say.ts';
import { failureTable, type FailureRow } from './failure-table.ts';
import type { NetworkObservation } from '../network/network.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { sendProblem } from './send-problem.ts';

/** The parts of a failure that decide what it means; read from MSAL's errors by {@link readFailure}. */
export interface Failure {
  readonly errorCode: string;
  readonly subError?: string;
  /** The number of `AADSTS…`; 0 if there is none. */
  readonly aadsts: number;
  readonly claims?: string;
  readonly observation: NetworkObservation;
}

/** Who asked, with which credential, and for what: a refusal has another next step for a certificate than for a secret. */
export interface Asker {
  readonly during?: Problem['during'];
  readonly protocol?: Protocol;
  readonly credential?: Credential['kind'] | undefined;
}

function matches(row: FailureRow, failure: Failure, asker: Asker): boolean {
  const holds = <Value>(listed: readonly Value[] | undefined, found: Value | undefined): boolean =>
    listed === undefined || (found !== undefined && listed.includes(found));
  return (
    holds(row.aadsts, failure.aadsts) &&
    holds(row.errorCode, failure.errorCode) &&
    holds(row.subError, failure.subError) &&
    holds(row.status, failure.observation.status) &&
    (row.during === undefined || row.during === asker.during) &&
    (row.protocol === undefined || row.protocol === asker.protocol) &&
    (row.credential === undefined || row.credential === asker.credential)
  );
}

function field(error: object, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The number in `AADSTS50076: …`; 0 if there is none. */
export function readAadsts(text: string): number {
  return Number(/AADSTS(\d{4,8})/u.exec(text)?.[1] ?? 0);
}

/** Reads MSAL's AuthError family by its fields, so that MSAL need not be loaded to classify an error. */
export function readFailure(error: unknown, observation: NetworkObservation): Failure {
  if (typeof error !== 'object' || error === null) return { errorCode: 'unknown', aadsts: 0, observation };
  const claims = field(error, 'claims') || (observation.claims ?? '');
  return {
    // MSAL's own throttle throws with an empty code. An error without the field is not MSAL's.
    errorCode: field(error, 'errorCode' in error ? 'errorCode' : 'name'),
    subError: field(error, 'subError'),
    aadsts:
      readAadsts(field(error, 'errorMessage')) ||
      Number(field(error, 'errorNo')) ||
      (observation.aadsts ?? 0),
    ...(claims === '' ? {} : { claims }),
    observation,
  };
}

/** A short name to show in brackets. Only characters that cannot carry secrets or markup. */
function detailOf(failure: Failure): string {
  if (failure.aadsts !== 0) return `AADSTS${failure.aadsts}`;
  const code = failure.errorCode.replaceAll(/[^\w.-]/gu, '').slice(0, 60);
  if (code !== '') return code;
  return failure.observation.status === undefined ? 'no reason given' : `HTTP ${failure.observation.status}`;
}

function networkProblem({ observation }: Failure): Problem | undefined {
  const { failure, host = say('unnamed.authority'), status, retryAfterMs, answer } = observation;
  const later = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (failure !== undefined) return sendProblem(failure, host);
  if (status === 429) return problem('transient', 'throttled', {}, later);
  if (status !== undefined && (status >= 500 || status === 408)) {
    return problem('transient', 'authority-down', { detail: `HTTP ${status}` }, later);
  }
  if (status !== undefined && answer === 'other')
    return problem('transient', 'other-answer', { host, status }, later);
  return undefined;
}

/** Classifies a failure by {@link failureTable}. A failure that no row matches is transient. */
export function classify(failure: Failure, redirectUri: string, asker: Asker = {}): Problem {
  const during = asker.during === undefined ? {} : { during: asker.during };
  const network = networkProblem(failure);
  if (network !== undefined && failure.aadsts === 0) return { ...network, ...during };
  const row = failureTable.find((candidate) => matches(candidate, failure, asker));
  // MSAL's own throttle throws an error with an empty code and sends no request.
  const isThrottledLocally = failure.errorCode === '' && failure.observation.host === undefined;
  const { code, kind } = row ?? { code: isThrottledLocally ? 'throttled' : 'unknown', kind: 'transient' };
  const { retryAfterMs, reference } = failure.observation;
  return {
    kind,
    code,
    params: { detail: detailOf(failure), redirectUri },
    ...during,
    ...(reference === undefined ? {} : { reference }),
    ...(failure.claims === undefined ? {} : { claims: failure.claims }),
    ...(kind !== 'transient' || retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
