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
}

export interface SendLimits {
  readonly connectTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxResponseBytes: number;
}

/** Carries out one request. Rejects with {@link SendError}; never follows a redirect. */
export type Send = (request: HttpRequest, limits: SendLimits) => Promise<HttpResponse>;

export type SendErrorKind = 'unreachable' | 'timeout' | 'oversize';

/** `detail` is a short code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), never content. */
export class SendError extends Error {
  override readonly name = 'SendError';
  readonly kind: SendErrorKind;
  readonly detail: string;

  constructor(kind: SendErrorKind, detail: string) {
    super(`${kind}: ${detail}`);
    this.kind = kind;
    this.detail = detail;
  }
}
