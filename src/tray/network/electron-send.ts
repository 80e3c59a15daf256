import { net, session, type ClientRequest, type Session } from 'electron';
import {
  SendError,
  type HttpRequest,
  type HttpResponse,
  type Send,
  type SendLimits,
} from '../../agent/network/send.ts';
import { say } from '../../words/say.ts';
import { firstProxy, sendErrorOf } from './net-error.ts';

/** In memory, and not the sign-in window's: neither its cookies nor its request filter belong to token requests. */
const PARTITION = 'tokentray-network';

/** Chromium sets these itself and fails a request that brings its own (net.ClientRequest, `setHeader`). */
const NOT_SENT: readonly string[] = [
  'connection',
  'content-length',
  'cookie2',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** RFC 9110 15.5.8. No authority may answer so by https: it is always the proxy. */
const PROXY_AUTHENTICATION_REQUIRED = 407;

/** The session through which tokens are asked for; only after `ready`. */
export function networkSession(): Session {
  return session.fromPartition(PARTITION, { cache: false });
}

/**
 * Chromium's network: the proxy of the system or of its PAC file, with the user's own Kerberos or NTLM login, and
 * the operating system's certificates. `net.request` rather than `session.fetch`, which gives an error instead of
 * the status of a redirect, and keeps the proxy's question to itself.
 *
 * `connectTimeoutMs` is not kept: nothing in the public API says when a connection stands. (`getUploadProgress`
 * begins to count only for a request with a body, and as Chromium sees fit; a slow answer would be given up.) A
 * black hole ends at `totalTimeoutMs`, or when Chromium gives up.
 */
export function electronSend(through: Session): Send {
  return async (request, limits) => {
    if (new URL(request.url).protocol !== 'https:') throw new SendError('unreachable', 'not https');
    // Asked beside the request, for the name only: an answer that never comes must not hold it up.
    let proxy: string | undefined;
    void through.resolveProxy(request.url).then(
      (pac) => (proxy = firstProxy(pac)),
      () => undefined,
    );
    const response = await exchange(through, request, limits, () => proxy);
    if (response.status === PROXY_AUTHENTICATION_REQUIRED)
      throw new SendError('proxy-auth', `HTTP ${response.status}`, proxy ?? say('network.some-proxy'));
    return proxy === undefined ? response : { ...response, via: proxy };
  };
}

function open(through: Session, { method, url, headers }: HttpRequest): ClientRequest {
  return net.request({
    session: through,
    method,
    url,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => isSent(name))),
    redirect: 'manual',
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
  });
}

function isSent(name: string): boolean {
  return !NOT_SENT.includes(name.toLowerCase());
}

function exchange(
  through: Session,
  request: HttpRequest,
  limits: SendLimits,
  proxy: () => string | undefined,
): Promise<HttpResponse> {
  return new Promise<HttpResponse>((resolve, reject) => {
    const sent = open(through, request);
    let asking: string | undefined;
    const total = setTimeout(() => fail(new SendError('timeout', 'no answer')), limits.totalTimeoutMs);
    const answer = (status: number, headers: HeaderFields, body: string): void => {
      clearTimeout(total);
      resolve({ status, headers: flat(headers), body });
    };
    const fail = (error: SendError): void => {
      clearTimeout(total);
      reject(error);
      sent.abort();
    };
    // Never answered with a password: what this user's login does not open needs the administrator.
    sent.on('login', ({ isProxy, host, port }, giveUp) => {
      if (isProxy) asking = `${host}:${port}`;
      giveUp();
    });
    sent.on('error', ({ message }) =>
      fail(
        asking === undefined
          ? sendErrorOf(message, proxy())
          : new SendError('proxy-auth', 'HTTP 407', asking),
      ),
    );
    // Electron ends the request by itself, with an error, when nobody follows the redirect at once.
    sent.on('redirect', (status, _method, _url, headers) => answer(status, headers, ''));
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk) => {
        bytes += chunk.length;
        if (bytes > limits.maxResponseBytes)
          fail(new SendError('oversize', `over ${limits.maxResponseBytes} bytes`));
        else chunks.push(chunk);
      });
      // Electron's types name no argument, its code gives one: net-client-request.ts, `destroy(error)`.
      response.on('error', () => fail(new SendError('unreachable', 'connection lost')));
      response.on('aborted', () => fail(new SendError('unreachable', 'connection lost')));
      response.on('end', () =>
        answer(response.statusCode, response.headers, Buffer.concat(chunks).toString('utf8')),
      );
    });
    sent.end(request.body);
  }).catch((error: unknown) => {
    // `net.request` itself throws for a header that cannot be sent.
    throw error instanceof SendError ? error : new SendError('unreachable', 'unknown');
  });
}

type HeaderFields = Record<string, string | string[]>;

function flat(headers: HeaderFields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]),
  );
}
