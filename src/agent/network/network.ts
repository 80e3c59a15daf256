import type { Log } from '../../system/log/log.ts';
import { SendError, type HttpResponse, type Send, type SendLimits } from './send.ts';

/** A TLS handshake over a bad mobile line takes seconds, not ten. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Entra answers in well under a second; 30 s is what pizauth and curl scripts allow before they call it dead. */
export const TOTAL_TIMEOUT_MS = 30_000;
/** A token response is 5-20 kB; a megabyte is not one. */
const MAX_RESPONSE_BYTES = 1_000_000;

/** What a request to an authority may take. */
export const LIMITS: SendLimits = {
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  totalTimeoutMs: TOTAL_TIMEOUT_MS,
  maxResponseBytes: MAX_RESPONSE_BYTES,
};

/** What the network showed during one call of MSAL, which keeps none of it in the errors it throws. */
export interface NetworkObservation {
  readonly failure: SendError | undefined;
  readonly host: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** The number of `AADSTS…` in the answer, 0 when there is none: MSAL drops that of its metadata request. */
  readonly aadsts: number;
}

const nothingObserved: NetworkObservation = {
  failure: undefined,
  host: undefined,
  status: undefined,
  retryAfterMs: undefined,
  aadsts: 0,
};

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

/** An error page in HTML becomes an empty object: MSAL then judges by the status alone. */
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
 * MSAL's network client (its INetworkModule): timeouts, a size limit, and a log of method, host,
 * status and time: never a path with parameters, a header or a body.
 */
export class TokenNetwork {
  readonly #send: Send;
  readonly #now: () => number;
  readonly #log: Log;
  #observed: NetworkObservation = nothingObserved;

  constructor(options: { send: Send; now: () => number; log: Log }) {
    this.#send = options.send;
    this.#now = options.now;
    this.#log = options.log;
  }

  /** What was seen since the last call of this, for {@link classify}. MSAL calls are made one at a time. */
  takeObservation(): NetworkObservation {
    const observed = this.#observed;
    this.#observed = nothingObserved;
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
    const { host } = new URL(url);
    const startedAt = this.#now();
    try {
      const request = { method, url, headers: options?.headers ?? {}, body: options?.body };
      const response = await this.#send(request, LIMITS);
      const body = parseBody(response);
      this.#observed = {
        failure: undefined,
        host,
        status: response.status,
        retryAfterMs: readRetryAfter(response.headers['retry-after'], this.#now()),
        aadsts: readErrorNumber(body),
      };
      this.#log.debug('request', { method, host, status: response.status, ms: this.#now() - startedAt });
      return { status: response.status, headers: { ...response.headers }, body: body as Body };
    } catch (error) {
      const failure = error instanceof SendError ? error : new SendError('unreachable', 'unknown');
      this.#observed = { failure, host, status: undefined, retryAfterMs: undefined, aadsts: 0 };
      this.#log.warn('request failed', {
        method,
        host,
        reason: failure.message,
        ms: this.#now() - startedAt,
      });
      throw failure;
    }
  }
}
