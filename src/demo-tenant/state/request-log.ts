/** The part of the tenant that a request went to; `other` is an unknown path or a page of a test. */
export type EndpointName =
  'discovery' | 'authorize' | 'token' | 'keys' | 'logout' | 'resource' | 'page' | 'other';

/** A request as tests see it, without secrets, codes and tokens. */
export interface RequestRecord {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly endpoint: EndpointName;
  /** The grant of a token request, if this tenant supports it. */
  grantType?: string;
  /** Milliseconds since the epoch, by the tenant's clock. */
  readonly at: number;
  /** The HTTP status of the answer; 0 while there is none, and forever if the connection is closed first. */
  readonly status: number;
  /** The harmless parameters of an authorize or token request. */
  parameters: Readonly<Record<string, string>>;
}

const HARMLESS_PARAMETERS = [
  'claims',
  'code_challenge_method',
  'domain_hint',
  'login_hint',
  'prompt',
  'redirect_uri',
  'response_mode',
  'response_type',
  'scope',
];

/** The parameters that may be logged: none that could be used to sign in. */
export function harmlessParameters(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...parameters].filter(([name]) => HARMLESS_PARAMETERS.includes(name)));
}
