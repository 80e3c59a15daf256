// The failure table's other half: how an authority or the network says no to a refresh, and what that has to mean.
// `apply` flips the demo tenant's switches, so that the same rows go through `classify`, the agent and a running host.
import type { FailureCode } from '../../src/agent/failure-table.ts';
import type { ProblemKind } from '../../src/agent/problem.ts';
import type { DemoTenant } from '../../src/demo-tenant/tenant.ts';
import type { ProblemCode } from '../../src/words/say.ts';

export interface FailureRow {
  readonly name: string;
  /** Makes the tenant answer every refresh so, until {@link mend}. */
  readonly apply: (tenant: DemoTenant) => void;
  readonly kind: Exclude<ProblemKind, 'usage' | 'storage'>;
  readonly code: ProblemCode;
  /** The challenge that has to reach the next sign-in. */
  readonly claims?: string;
  /** What the authority asks to wait. */
  readonly retryAfterMs?: number;
  /** Nothing is answered at all: it takes the whole time for a request (30 s unless a test shortens it). */
  readonly isSlow?: true;
}

/** The tenant answers as it should again. */
export function mend(tenant: DemoTenant): void {
  tenant.faults.token = undefined;
}

/** The command's exit code when nothing is left to serve (DESIGN, What an asker gets). */
export function exitCodeOf({ kind }: FailureRow): 10 | 11 | 12 {
  const codes = { interaction: 10, transient: 11, admin: 12 } as const;
  return codes[kind];
}

const grantType = 'refresh_token';

interface More {
  readonly suberror?: string;
  readonly claims?: string;
  readonly status?: number;
}

/** Refusals with a number: AADSTS number, OAuth's code beside it, and what else comes along. */
type Refusal = readonly [number, string] | readonly [number, string, More];

const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

const refusals: readonly { kind: FailureRow['kind']; code: FailureCode; by: readonly Refusal[] }[] = [
  {
    kind: 'admin',
    code: 'wrong-secret',
    by: [
      [7000215, 'invalid_client', { status: 401 }],
      [7000216, 'invalid_request'],
      [7000218, 'invalid_client', { status: 401 }],
    ],
  },
  { kind: 'admin', code: 'expired-secret', by: [[7000222, 'invalid_client', { status: 401 }]] },
  { kind: 'admin', code: 'expired-certificate', by: [[1000502, 'invalid_client', { status: 401 }]] },
  { kind: 'admin', code: 'public-client', by: [[700025, 'invalid_client', { status: 401 }]] },
  { kind: 'admin', code: 'assertion-time', by: [[700024, 'invalid_client', { status: 401 }]] },
  {
    kind: 'admin',
    code: 'wrong-certificate',
    by: [700021, 700023, 700026, 700027, 700030, 50012, 50013, 50027].map((code) => [code, 'invalid_client']),
  },
  {
    kind: 'admin',
    code: 'wrong-assertion',
    by: [70021, 70025, 700211, 700212, 700213].map((code) => [code, 'invalid_client']),
  },
  {
    kind: 'admin',
    code: 'wrong-redirect',
    by: [
      [50011, 'invalid_request'],
      [500112, 'invalid_client'],
      [500117, 'invalid_request'],
    ],
  },
  {
    kind: 'admin',
    code: 'wrong-client',
    by: [
      [700016, 'unauthorized_client'],
      [7000112, 'unauthorized_client'],
      [7000229, 'invalid_client', { status: 401 }],
      [90002, 'invalid_request'],
      [900023, 'invalid_request'],
      [50059, 'invalid_request'],
      [50194, 'invalid_request'],
      [50020, 'invalid_grant'],
      [500021, 'access_denied'],
      [90072, 'invalid_grant'],
      [90038, 'invalid_request'],
    ],
  },
  {
    kind: 'admin',
    code: 'not-assigned',
    by: [
      [50105, 'interaction_required'],
      [501051, 'unauthorized_client'],
    ],
  },
  {
    kind: 'admin',
    code: 'wrong-scope',
    by: [
      [70011, 'invalid_scope'],
      [28000, 'invalid_scope'],
      [28002, 'invalid_scope'],
      [28003, 'invalid_request'],
      [500011, 'invalid_resource'],
      [500014, 'invalid_resource'],
      [650052, 'invalid_client'],
      [650053, 'invalid_scope'],
      [650056, 'invalid_client'],
      [650057, 'invalid_resource'],
      [700022, 'invalid_scope'],
      [90009, 'invalid_resource'],
    ],
  },
  {
    kind: 'interaction',
    code: 'consent',
    by: [
      [65001, 'invalid_grant', { suberror: 'consent_required' }],
      [65004, 'access_denied'],
      [90094, 'invalid_grant'],
      [90095, 'invalid_grant'],
    ],
  },
  {
    kind: 'interaction',
    code: 'conditional-access',
    by: [
      [53000, 'interaction_required', { suberror: 'message_only' }],
      [53001, 'interaction_required', { suberror: 'message_only' }],
      [53003, 'interaction_required', { suberror: 'message_only', claims: CLAIMS }],
      [53003, 'invalid_grant', { suberror: 'protection_policy_required' }],
      ...[53002, 53004, 53005, 53009, 53010, 53011, 530002, 530003, 530032, 530034, 50005, 50131].map(
        (code) => [code, 'invalid_grant'] as const,
      ),
    ],
  },
  { kind: 'interaction', code: 'sign-in.code-used', by: [[54005, 'invalid_grant']] },
  {
    kind: 'interaction',
    code: 'revoked',
    by: [
      [50173, 'invalid_grant', { suberror: 'bad_token' }],
      [700082, 'invalid_grant'],
      [70008, 'invalid_grant'],
      ...[70000, 700084, 50132, 50133, 50089, 50057, 50053, 50055, 50085, 135011].map(
        (code) => [code, 'invalid_grant'] as const,
      ),
    ],
  },
  {
    kind: 'interaction',
    code: 'interaction',
    by: [
      [50076, 'interaction_required', { suberror: 'basic_action', claims: CLAIMS }],
      [50079, 'interaction_required', { suberror: 'basic_action', claims: CLAIMS }],
      // A plain ServerError to MSAL: facts/msal-entra-agents.md 0.5.
      [70043, 'invalid_grant', { suberror: 'token_expired' }],
      [70044, 'invalid_grant'],
      [50097, 'interaction_required'],
      [50058, 'login_required'],
      ...[
        16000, 50034, 50072, 50074, 50078, 50125, 50126, 50129, 50140, 50144, 50155, 50158, 50187, 50199,
        51006, 700020,
      ].map((code) => [code, 'interaction_required'] as const),
    ],
  },
  {
    kind: 'transient',
    code: 'throttled',
    by: [
      [90055, 'temporarily_unavailable'],
      [50166, 'temporarily_unavailable'],
    ],
  },
  {
    kind: 'transient',
    code: 'authority-down',
    by: [
      [90033, 'temporarily_unavailable', { status: 503 }],
      [50196, 'invalid_grant'],
      ...[50000, 50033, 50087, 40008, 40010, 70012, 90006, 90012, 90024].map(
        (code) => [code, 'server_error'] as const,
      ),
    ],
  },
  {
    kind: 'transient',
    code: 'unknown',
    by: [
      [90013, 'invalid_request'],
      [999999, 'never_seen'],
    ],
  },
];

/** Without a number: OAuth's and OpenID Connect's own codes, as any provider gives them. */
const plain: readonly (readonly [string, string | undefined, FailureRow['kind'], FailureCode])[] = [
  ['invalid_grant', undefined, 'interaction', 'interaction'],
  ['invalid_grant', 'token_expired', 'interaction', 'interaction'],
  ['invalid_grant', 'consent_required', 'interaction', 'consent'],
  ['invalid_grant', 'protection_policy_required', 'interaction', 'conditional-access'],
  ['interaction_required', undefined, 'interaction', 'interaction'],
  ['login_required', undefined, 'interaction', 'interaction'],
  ['account_selection_required', undefined, 'interaction', 'interaction'],
  ['consent_required', undefined, 'interaction', 'consent'],
  ['access_denied', undefined, 'interaction', 'sign-in.denied'],
  ['invalid_client', undefined, 'admin', 'wrong-secret'],
  ['unauthorized_client', undefined, 'admin', 'wrong-client'],
  ['invalid_scope', undefined, 'admin', 'wrong-scope'],
  ['invalid_resource', undefined, 'admin', 'wrong-scope'],
  ['invalid_target', undefined, 'admin', 'wrong-scope'],
  ['temporarily_unavailable', undefined, 'transient', 'authority-down'],
  ['server_error', undefined, 'transient', 'authority-down'],
  ['never_seen', undefined, 'transient', 'unknown'],
];

type Fault = NonNullable<DemoTenant['faults']['token']>;

/** The network, and servers that are not well. */
const transport: readonly (readonly [string, Fault, ProblemCode, Partial<FailureRow>?])[] = [
  ['HTTP 500', { kind: 'http', status: 500 }, 'authority-down'],
  ['HTTP 502 in HTML', { kind: 'http', status: 502, body: '<h1>Bad gateway</h1>' }, 'authority-down'],
  ['HTTP 503', { kind: 'http', status: 503 }, 'authority-down'],
  [
    'HTTP 503 with Retry-After',
    { kind: 'http', status: 503, retryAfter: 600 },
    'authority-down',
    { retryAfterMs: 600_000 },
  ],
  ['HTTP 504', { kind: 'http', status: 504 }, 'authority-down'],
  ['HTTP 408', { kind: 'http', status: 408 }, 'authority-down'],
  ['HTTP 429', { kind: 'http', status: 429 }, 'throttled'],
  [
    'HTTP 429 with Retry-After',
    { kind: 'http', status: 429, retryAfter: 600 },
    'throttled',
    { retryAfterMs: 600_000 },
  ],
  ['HTTP 403 of a filter', { kind: 'http', status: 403, body: '<h1>Blocked</h1>' }, 'unknown'],
  ['HTTP 404', { kind: 'http', status: 404 }, 'unknown'],
  ['a captive portal', { kind: 'http', status: 200, body: '<h1>Hotel</h1>' }, 'offline'],
  ['a redirect', { kind: 'http', status: 302 }, 'offline'],
  ['an answer without a token', { kind: 'http', status: 200, body: '{}' }, 'unknown'],
  ['a connection that is cut', { kind: 'drop' }, 'offline'],
  ['an answer without an end', { kind: 'oversize' }, 'offline'],
  ['silence', { kind: 'hang' }, 'timeout', { isSlow: true }],
];

export const failureRows: readonly FailureRow[] = [
  ...refusals.flatMap(({ kind, code, by }) =>
    by.map(([number, error, more]): FailureRow => {
      const { suberror, claims, status } = more ?? {};
      return {
        name: [`AADSTS${number}`, error, suberror, claims && 'with claims'].filter(Boolean).join(' '),
        apply: (tenant) => {
          tenant.faults.token = {
            kind: 'aadsts',
            grantType,
            code: number,
            error,
            ...(suberror !== undefined && { suberror }),
            ...(claims !== undefined && { claims }),
            ...(status !== undefined && { status }),
          };
        },
        kind,
        code,
        ...(claims !== undefined && { claims }),
      };
    }),
  ),
  ...plain.map(([error, suberror, kind, code]): FailureRow => ({
    name: [error, suberror].filter(Boolean).join(' ') + ' without a number',
    apply: (tenant) => {
      const body = JSON.stringify({
        error,
        error_description: 'No.',
        ...(suberror !== undefined && { suberror }),
      });
      tenant.faults.token = { kind: 'http', grantType, status: 400, body };
    },
    kind,
    code,
  })),
  ...transport.map(([name, fault, code, more]): FailureRow => ({
    name,
    apply: (tenant) => {
      tenant.faults.token = { ...fault, grantType };
    },
    kind: 'transient',
    code,
    ...more,
  })),
];
