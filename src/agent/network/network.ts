import type { Log } from '../../system/log/log.ts';
import { SendError, type HttpResponse, type Send, type SendLimits } from './send.ts';

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

/** What was seen of the network during one call of MSAL, which keeps none of it in the errors it throws. */
export interface NetworkObservation {
  readonly failure?: SendError | undefined;
  readonly host?: string | undefined;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The number of `AADSTS…` in the answer, or 0. MSAL drops the one in the answer to its metadata request. */
  readonly aadsts?: number;
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

/** An HTML error page becomes an empty object: MSAL then goes by the status alone. */
function parseBody(response: HttpResponse): object {
  try {
    const body: unknown = JSON.parse(response.body);
    if (typeof body === 'object' && body !== null) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (response.status < 400) throw new SendError('unreachable', 'the answer is not JSON');
  return {};
}

/** Entra's own field of an error answer: `"error_codes": [90002]`. */
function readErrorNumber(body: object): number {
  const codes: unknown = Reflect.get(body, 'error_codes');
  const first: unknown = Array.isArray(codes) ? codes[0] : undefined;
  return typeof first === 'number' ? first : 0;
}

/**
 * MSAL's network client (its INetworkModule): timeouts, a size limit, and a log of method, host, status and time,
 * but never of a path with parameters, a header or a body.
 */
export class TokenNetwork {
  readonly #parts: { send: Send; now: () => number; log: Log };
  #observed: NetworkObservation = {};

  constructor(parts: { send: Send; now: () => number; log: Log }) {
    this.#parts = parts;
  }

  /** What was seen since the last call, for {@link classify}. MSAL is called one call at a time. */
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
      const body = parseBody(response);
      const retryAfterMs = readRetryAfter(response.headers['retry-after'], now());
      this.#observed = { host, status, retryAfterMs, aadsts: readErrorNumber(body) };
      log.debug('request', { method, host, status, ms: now() - startedAt });
      return { status, headers: { ...response.headers }, body: body as Body };
    } catch (error) {
      const failure = error instanceof SendError ? error : new SendError('unreachable', 'unknown');
      this.#observed = { failure, host };
      log.warn('request failed', { method, host, reason: failure.message, ms: now() - startedAt });
      throw failure;
    }
  }
}
