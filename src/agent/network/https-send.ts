import { request as requestPlain } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { errorCode } from '../../system/files/error-code.ts';
import type { Proxy } from './proxy.ts';
import {
  SendError,
  type HttpRequest,
  type HttpResponse,
  type Send,
  type SendErrorKind,
  type SendLimits,
} from './send.ts';

/** Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn verification off. */
const VERIFIED = { rejectUnauthorized: true } as const;

/** Which certificates to trust. */
type Trust = typeof VERIFIED & { readonly secureContext?: SecureContext };

/** How far a request got: decides whether a failure is the proxy's or the authority's. */
type Stage = 'to-proxy' | 'connecting' | 'connected';

function codeOf(error: unknown): string {
  const code = errorCode(error);
  return code === '' ? 'unknown' : code;
}

/** An IPv6 address in a URL is in brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replaceAll(/[[\]]/gu, '');
}

let known: { readonly extraCa: string; readonly context: SecureContext } | undefined;

/** Node's roots and ours. Cached, because reading about 150 certificates takes a tenth of a second. */
function trusting(extraCa: string): SecureContext {
  if (known?.extraCa !== extraCa)
    known = { extraCa, context: createSecureContext({ ca: [...rootCertificates, extraCa] }) };
  return known.context;
}

/**
 * Why a proxy did not open the tunnel, by the status of its answer. HTTP 407 (RFC 9110 15.5.8) means that it requires
 * authentication: the detail lists the schemes that it offers (11.7.1).
 */
function refusalOfProxy(
  status: number,
  challenges: string | undefined,
  proxy: string,
): SendError | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status !== 407) return new SendError('proxy-refused', `HTTP ${status}`, proxy);
  const schemes = (challenges ?? '')
    .replaceAll(/"[^"]*"/gu, '')
    .match(/(?<=^|,\s*)[A-Za-z][\w-]{0,30}(?=\s|,|$)/gu);
  return new SendError('proxy-auth', schemes?.join(', ') ?? `HTTP ${status}`, proxy);
}

/**
 * The request for a tunnel through the proxy (RFC 9110 9.3.6). `onTunnel` receives the connection, or the reason why
 * the proxy refused.
 */
function requestTunnel(
  { proxy, target, trust }: { proxy: Proxy; target: URL; trust: Trust },
  onTunnel: (tunnel: Duplex, refusal: SendError | undefined) => void,
): ReturnType<typeof request> {
  const { url, authorization, name } = proxy;
  const isTls = url.protocol === 'https:';
  const authority = `${target.hostname}:${target.port || 443}`;
  const options: RequestOptions = {
    method: 'CONNECT',
    host: hostOf(url),
    port: url.port || (isTls ? 443 : 80),
    path: authority,
    headers: {
      host: authority,
      ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
    },
    agent: false,
    ...(isTls ? trust : {}),
  };
  return (isTls ? request : requestPlain)(options)
    .on('connect', ({ statusCode = 0, headers }, tunnel, first: Buffer) => {
      if (first.length > 0) tunnel.unshift(first);
      onTunnel(tunnel, refusalOfProxy(statusCode, headers['proxy-authenticate'], name));
    })
    .end();
}

/**
 * Node's own HTTPS client. msal-node's default client has no timeout for POST (says its own doc comment), so that a
 * refresh could hang forever. `extraCa` is PEM to trust in addition to the built-in roots; without it Node's
 * defaults apply, with NODE_EXTRA_CA_CERTS. The limits include the proxy.
 */
export function httpsSend(extraCa?: string, proxy?: Proxy): Send {
  return async (message, limits) => {
    const trust: Trust = extraCa === undefined ? VERIFIED : { ...VERIFIED, secureContext: trusting(extraCa) };
    return exchange({ message, limits, trust, proxy }).catch((error: unknown) => {
      // `request` throws for what it does not even try: plain http, an invalid header.
      throw error instanceof SendError ? error : new SendError('unreachable', codeOf(error));
    });
  };
}

/** Every part has a listener for errors as long as it exists: Node ends the process for an error without one. */
function exchange({
  message: { method, url, headers, body },
  limits,
  trust,
  proxy,
}: {
  message: HttpRequest;
  limits: SendLimits;
  trust: Trust;
  proxy: Proxy | undefined;
}): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const parts: { destroy(): unknown; on(event: 'error', listener: (error: unknown) => void): unknown }[] =
      [];
    let stage: Stage = proxy === undefined ? 'connecting' : 'to-proxy';
    const blamed = (direct: SendErrorKind, atProxy: SendErrorKind, detail: string): SendError =>
      stage === 'to-proxy' ? new SendError(atProxy, detail, proxy?.name) : new SendError(direct, detail);
    const end = (): void => {
      clearTimeout(total);
      clearTimeout(connect);
      for (const part of parts) part.destroy();
    };
    const fail = (error: unknown): void => {
      reject(error instanceof SendError ? error : blamed('unreachable', 'proxy-unreachable', codeOf(error)));
      end();
    };
    const watched = <Part extends (typeof parts)[number]>(part: Part): Part => {
      parts.push(part);
      part.on('error', fail);
      return part;
    };
    const total = setTimeout(
      () => fail(blamed('timeout', 'proxy-timeout', 'no answer')),
      limits.totalTimeoutMs,
    );
    const connect = setTimeout(
      () => fail(blamed('no-connection', 'proxy-timeout', 'no connection')),
      limits.connectTimeoutMs,
    );

    const send = (route: Pick<RequestOptions, 'agent' | 'createConnection'>): void => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const sent = watched(request(url, { method, headers: { ...headers, ...length }, ...trust, ...route }));
      sent.on('socket', (socket) =>
        watched(socket).once('secureConnect', () => {
          stage = 'connected';
          clearTimeout(connect);
        }),
      );
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        watched(response).on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > limits.maxResponseBytes)
            fail(new SendError('oversize', `over ${limits.maxResponseBytes} bytes`));
          else chunks.push(chunk);
        });
        response.on('aborted', () => fail(new SendError('unreachable', 'connection lost')));
        response.on('end', () => {
          const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(flat) as Record<string, string>,
            body: Buffer.concat(chunks).toString('utf8'),
            ...(proxy === undefined ? {} : { via: proxy.name }),
          });
          end();
        });
      });
      sent.end(body);
    };

    // A new connection: a pooled one that died while the machine slept would hang the first refresh after it.
    if (proxy === undefined) send({ agent: false });
    else
      watched(
        requestTunnel({ proxy, target, trust }, (tunnel, refusal) => {
          watched(tunnel);
          stage = 'connecting';
          if (refusal !== undefined) {
            fail(refusal);
            return;
          }
          const host = hostOf(target);
          const name = isIP(host) === 0 ? { servername: host } : {};
          send({ createConnection: () => connectTls({ ...trust, ...name, host, socket: tunnel }) });
        }),
      );
  });
}
