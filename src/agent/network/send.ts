export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Host and port of the proxy it came through. */
  readonly via?: string;
}

export interface SendLimits {
  /** TCP and TLS, a proxy's part included. */
  readonly connectTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxResponseBytes: number;
}

/** Carries out one request. Rejects with {@link SendError}; never follows a redirect. */
export type Send = (request: HttpRequest, limits: SendLimits) => Promise<HttpResponse>;

/**
 * What stood in the way. `no-connection`: nothing within the time for connecting; `timeout`: connected, but
 * no whole answer. The ones that begin with `proxy` and `ca-file` are about what stands before the authority:
 * `proxy-setting` an environment variable that holds no usable address, `proxy-auth` HTTP 407,
 * `proxy-refused` any other refusal of CONNECT, `proxy-unreachable` and `proxy-timeout` the way to the proxy
 * itself, `ca-file` the extra certificates.
 */
export type SendErrorKind =
  | 'unreachable'
  | 'no-connection'
  | 'timeout'
  | 'oversize'
  | 'proxy-setting'
  | 'proxy-unreachable'
  | 'proxy-timeout'
  | 'proxy-auth'
  | 'proxy-refused'
  | 'ca-file';

/**
 * `detail` is a short code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), never content. `subject` names what it is
 * about where that is not the request's own host: the proxy's host and port, a variable, a file.
 */
export class SendError extends Error {
  override readonly name = 'SendError';
  readonly kind: SendErrorKind;
  readonly detail: string;
  readonly subject: string;

  constructor(kind: SendErrorKind, detail: string, subject = '') {
    super(`${kind}: ${detail}`);
    this.kind = kind;
    this.detail = detail;
    this.subject = subject;
  }
}
