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

/** In memory, and separate from the sign-in window's, whose cookies and filter must not affect token requests. */
const PARTITION = 'tokentray-network';

/** Chromium sets these itself and fails a request that sets them (net.ClientRequest, `setHeader`). */
const SET_BY_CHROMIUM: readonly string[] = [
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

/** RFC 9110, section 15.5.8. An origin server does not send it, so it comes from the proxy. */
const PROXY_AUTHENTICATION_REQUIRED = 407;

/** The Electron session for token requests; exists after `ready`. */
export function networkSession(): Session {
  return session.fromPartition(PARTITION, { cache: false });
}

/**
 * Sends through Chromium's network: with the proxy of the system or its PAC file, the user's Kerberos or NTLM login,
 * and the operating system's certificates. Uses `net.request`, because `session.fetch` gives an error instead of a
 * redirect's status and hides the proxy's login request.
 *
 * `connectTimeoutMs` is ignored: no public API reports when a connection is established. (`getUploadProgress` counts
 * only requests with a body, at moments of Chromium's choosing, so a slow answer could be aborted.) A connection that
 * gets no answer ends at `totalTimeoutMs`, or when Chromium gives up.
 */
export function electronSend(through: Session): Send {
  return async (request, limits) => {
    if (new URL(request.url).protocol !== 'https:') throw new SendError('unreachable', 'not https');
    // In parallel, for the proxy's name only: a missing answer must not delay the request.
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
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name]) => !SET_BY_CHROMIUM.includes(name.toLowerCase())),
    ),
    redirect: 'manual',
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
  });
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
    // Never answered with a password: if the user's own login is not accepted, this needs an administrator.
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
    // Electron then fails the request, unless the redirect is followed at once.
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
      // Electron passes an error (net-client-request.ts, `destroy(error)`), which its types leave out.
      response.on('error', () => fail(new SendError('unreachable', 'connection lost')));
      response.on('aborted', () => fail(new SendError('unreachable', 'connection lost')));
      response.on('end', () =>
        answer(response.statusCode, response.headers, Buffer.concat(chunks).toString('utf8')),
      );
    });
    sent.end(request.body);
  }).catch((error: unknown) => {
    // `net.request` throws for an invalid header.
    throw error instanceof SendError ? error : new SendError('unreachable', 'unknown');
  });
}

type HeaderFields = Record<string, string | string[]>;

function flat(headers: HeaderFields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]),
  );
}
