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
  /** Host and port of the proxy that was used. */
  readonly via?: string;
}

export interface SendLimits {
  /** TCP and TLS, including the proxy's part. */
  readonly connectTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxResponseBytes: number;
}

/** Sends one request. Rejects with {@link SendError}. Never follows a redirect. */
export type Send = (request: HttpRequest, limits: SendLimits) => Promise<HttpResponse>;

/**
 * The cause of a failure. `no-connection`: no connection within its time limit; `timeout`: connected, but no
 * complete answer. The kinds that begin with `proxy`, and `ca-file`, are not about the authority: `proxy-setting`
 * an environment variable without a usable address, `proxy-auth` HTTP 407, `proxy-refused` any other refusal of
 * CONNECT, `proxy-unreachable` and `proxy-timeout` the connection to the proxy, `ca-file` the extra certificates.
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
 * `detail` is a short code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), never content. `subject` names the cause if that
 * is not the request's host: the proxy's host and port, a variable, a file.
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
