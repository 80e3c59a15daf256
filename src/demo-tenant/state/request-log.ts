/** The part of the tenant a request went to; `other` is an unknown path or a page of a test. */
export type EndpointName = 'discovery' | 'authorize' | 'token' | 'keys' | 'logout' | 'page' | 'other';

/** A request as tests see it. It holds no secret, code or token. */
export interface RequestRecord {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly endpoint: EndpointName;
  /** Of a token request, if it is one this tenant knows. */
  grantType?: string;
  /** Milliseconds since 1970, by the tenant's clock. */
  readonly at: number;
  /** HTTP status once answered; 0 while open, and for good if the connection ended first. */
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

/** The parameters that may be written down: nothing that proves anything. */
export function harmlessParameters(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...parameters].filter(([name]) => HARMLESS_PARAMETERS.includes(name)));
}
