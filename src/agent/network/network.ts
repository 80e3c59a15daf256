import type { Log } from '../../system/log/log.ts';
import type { Reference } from '../../words/problem.ts';
import { readReference } from './reference.ts';
import { SendError, type Send, type SendLimits } from './send.ts';

/** A TLS handshake over a bad mobile connection takes seconds, but not ten. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Entra answers in well under a second. */
export const TOTAL_TIMEOUT_MS = 30_000;

/** The limits of a request to an authority. */
export const LIMITS: SendLimits = {
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  totalTimeoutMs: TOTAL_TIMEOUT_MS,
  // A token response has 5 to 20 kB.
  maxResponseBytes: 1_000_000,
};

/** What was seen of the network during one call of a library, which keeps little of it in the errors it throws. */
export interface NetworkObservation {
  readonly failure?: SendError | undefined;
  readonly host?: string | undefined;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The number of `AADSTS…` in the answer, or 0. MSAL drops the one in the answer to its metadata request. */
  readonly aadsts?: number;
  readonly reference?: Reference | undefined;
  /** The claims challenge in an error's body, which MSAL's ServerError drops (AADSTS70043). */
  readonly claims?: string | undefined;
  /** `other`: the answer has none of the fields of an OAuth answer; a firewall or a login page may have sent it. */
  readonly answer?: 'oauth' | 'other';
}

interface MsalResponse<Body> {
  headers: Record<string, string>;
  body: Body;
  status: number;
}

interface MsalRequestOptions {
  headers?: Record<string, string>;
  body?: string;
}

/** Retry-After in seconds or as an HTTP date (RFC 9110 10.2.3), in milliseconds from `now`. */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/u.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** A JSON object. Anything else, an HTML page for example, becomes an empty one. */
function parseBody(text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return {};
}

/** The text of a field; `''` if there is none. */
function textOf(body: object, name: string): string {
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : '';
}

/** OpenID Connect Discovery 1.0 section 3, and the field of Entra's instance discovery. */
const METADATA = ['issuer', 'token_endpoint', 'tenant_discovery_endpoint'];

/**
 * Whether a body is OAuth's: an error (RFC 6749 5.2), a token (5.1), a pushed request (RFC 9126 2.2), metadata, or keys
 * (RFC 7517 5). MSAL takes any other body for a token response without tokens, and reports a wrong nonce or throws a
 * TypeError. A busy server's 408, 429 and 5xx need no body, nor does the 404 of an address without metadata.
 */
export function answerOf(method: 'GET' | 'POST', status: number, body: object): 'oauth' | 'other' {
  const needsNoBody =
    status >= 500 || status === 408 || status === 429 || (method === 'GET' && status === 404);
  if (needsNoBody || textOf(body, 'error') !== '') return 'oauth';
  const names = method === 'GET' ? METADATA : ['access_token', 'request_uri'];
  const isOAuth = names.some((name) => textOf(body, name) !== '') || (method === 'GET' && 'keys' in body);
  return isOAuth && (status === 200 || status === 201) ? 'oauth' : 'other';
}

/** The claims challenge of an error, a JSON object as text. MSAL cannot send any other text on. */
function readClaims(body: object): string | undefined {
  const claims = textOf(body, 'claims');
  return textOf(body, 'error') !== '' && Object.keys(parseBody(claims)).length > 0 ? claims : undefined;
}

/** Entra's own field of an error answer: `"error_codes": [90002]`. */
function readErrorNumber(body: object): number {
  const codes: unknown = Reflect.get(body, 'error_codes');
  const first: unknown = Array.isArray(codes) ? codes[0] : undefined;
  return typeof first === 'number' ? first : 0;
}

/** Keeps an answer that is not OAuth's from the library. What it was is in the observation. */
class OtherAnswer extends Error {
  override readonly name = 'OtherAnswer';
  override readonly message = 'not an OAuth answer';
}

/**
 * The network of both libraries (MSAL's INetworkModule): timeouts, a size limit, and a log of method, host, status and time,
 * but never of a path with parameters, a header or a body.
 */
export class TokenNetwork {
  readonly #parts: { send: Send; now: () => number; log: Log };
  #observed: NetworkObservation = {};

  constructor(parts: { send: Send; now: () => number; log: Log }) {
    this.#parts = parts;
  }

  /** What was seen since the last call, for {@link classify}. Calls are made one at a time. */
  takeObservation(): NetworkObservation {
    const observed = this.#observed;
    this.#observed = {};
    return observed;
  }

  sendGetRequestAsync<Body>(url: string, options?: MsalRequestOptions): Promise<MsalResponse<Body>> {
    return this.#exchange('GET', url, options);
  }

  sendPostRequestAsync<Body>(url: string, options?: MsalRequestOptions): Promise<MsalResponse<Body>> {
    return this.#exchange('POST', url, options);
  }

  async #exchange<Body>(
    method: 'GET' | 'POST',
    url: string,
    options: MsalRequestOptions | undefined,
  ): Promise<MsalResponse<Body>> {
    const { send, now, log } = this.#parts;
    const { host } = new URL(url);
    const startedAt = now();
    try {
      const request = { method, url, headers: options?.headers ?? {}, body: options?.body };
      const response = await send(request, LIMITS);
      const { status } = response;
      const body = parseBody(response.body);
      const answer = answerOf(method, status, body);
      const retryAfterMs = readRetryAfter(response.headers['retry-after'], now());
      const [aadsts, claims] = [readErrorNumber(body), readClaims(body)];
      const reference = readReference(textOf(body, 'error_description'));
      this.#observed = { host, status, retryAfterMs, aadsts, claims, answer, reference };
      log.debug('request', { method, host, status, ms: now() - startedAt });
      if (answer === 'other') throw new OtherAnswer();
      return { status, headers: { ...response.headers }, body: body as Body };
    } catch (error) {
      if (error instanceof OtherAnswer) {
        log.warn('request failed', { method, host, status: this.#observed.status, reason: error.message });
        throw error;
      }
      const failure = error instanceof SendError ? error : new SendError('unreachable', 'unknown');
      this.#observed = { failure, host };
      log.warn('request failed', { method, host, reason: failure.message, ms: now() - startedAt });
      throw failure;
    }
  }
}
