import type { Agent } from 'node:http';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { errorCode } from '../../system/files/error-code.ts';
import type { Proxy } from './proxy.ts';
import { SendError, type HttpResponse, type Send, type SendErrorKind } from './send.ts';

/** Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn verification off. */
const VERIFIED = { rejectUnauthorized: true } as const;

/** How far a request got: decides whether a failure is the proxy's or the authority's. */
type Stage = 'to-proxy' | 'connecting' | 'connected';

function codeOf(error: unknown): string {
  const code = errorCode(error);
  return code === '' ? 'unknown' : code;
}

/** HTTP 407 (RFC 9110 15.5.8): the proxy requires authentication. */
function refusalOfProxy(status: number, proxy: string): SendError | undefined {
  if (status === 200) return undefined;
  return new SendError(status === 407 ? 'proxy-auth' : 'proxy-refused', `HTTP ${status}`, proxy);
}

/**
 * A tunnel through the proxy (RFC 9110 9.3.6) for one request. `signal` aborts the connection attempt; `onError`
 * receives errors that the library does not report.
 */
async function tunnel(options: {
  proxy: Proxy;
  secureContext: SecureContext | undefined;
  signal: AbortSignal;
  onError: (error: Error) => void;
}): Promise<Agent> {
  const { proxy, secureContext, signal, onError } = options;
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  // In a header, not in the URL, which the library prints if DEBUG is set.
  const { authorization, url } = proxy;
  const headers = authorization === undefined ? {} : { 'Proxy-Authorization': authorization };
  if (url.protocol === 'http:') return new HttpsProxyAgent(url, { headers, signal });
  // `tls.connect` takes no signal and would wait forever, so the connection below it is opened here.
  const host = url.hostname.replaceAll(/[[\]]/gu, '');
  const socket = connectTcp({ host, port: Number(url.port || 443), signal }).on('error', onError);
  return new HttpsProxyAgent(url, {
    ...VERIFIED,
    headers,
    socket,
    ...(secureContext === undefined ? {} : { secureContext }),
  });
}

let known: { readonly extraCa: string; readonly context: SecureContext } | undefined;

/** Node's roots and ours. Cached, because reading about 150 certificates takes a tenth of a second. */
function trusting(extraCa: string): SecureContext {
  if (known?.extraCa !== extraCa)
    known = { extraCa, context: createSecureContext({ ca: [...rootCertificates, extraCa] }) };
  return known.context;
}

/**
 * Node's own HTTPS client. msal-node's default client has no timeout for POST (says its own doc comment), so that a
 * refresh could hang forever. `extraCa` is PEM to trust in addition to the built-in roots; without it Node's
 * defaults apply, with NODE_EXTRA_CA_CERTS. The limits include the proxy.
 */
export function httpsSend(extraCa?: string, proxy?: Proxy): Send {
  return async ({ method, url, headers, body }, limits) => {
    const secureContext = extraCa === undefined ? undefined : trusting(extraCa);
    const digging = new AbortController();
    let onError: (error: Error) => void = () => undefined;
    const { signal } = digging;
    // A new connection: a pooled one that died while the machine slept would hang the first refresh after it.
    const agent =
      proxy === undefined
        ? false
        : await tunnel({ proxy, secureContext, signal, onError: (error) => onError(error) });
    return new Promise<HttpResponse>((resolve, reject) => {
      let stage: Stage = proxy === undefined ? 'connecting' : 'to-proxy';
      const blamed = (direct: SendErrorKind, atProxy: SendErrorKind, detail: string): SendError =>
        stage === 'to-proxy' ? new SendError(atProxy, detail, proxy?.name) : new SendError(direct, detail);
      const sent = request(url, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
        agent,
        ...VERIFIED,
        ...(secureContext === undefined ? {} : { secureContext }),
      });
      const fail = (error: unknown): void => {
        clearTimeout(total);
        clearTimeout(connect);
        reject(
          error instanceof SendError ? error : blamed('unreachable', 'proxy-unreachable', codeOf(error)),
        );
        if (stage === 'to-proxy') digging.abort();
        sent.destroy();
      };
      onError = fail;
      const total = setTimeout(
        () => fail(blamed('timeout', 'proxy-timeout', 'no answer')),
        limits.totalTimeoutMs,
      );
      const connect = setTimeout(
        () => fail(blamed('no-connection', 'proxy-timeout', 'no connection')),
        limits.connectTimeoutMs,
      );
      sent.on('proxyConnect', ({ statusCode }: { statusCode: number }) => {
        stage = 'connecting';
        // Otherwise the proxy's page would be read as the authority's answer.
        const refused = refusalOfProxy(statusCode, proxy?.name ?? '');
        if (refused !== undefined) fail(refused);
      });
      sent.on('socket', (socket) =>
        socket.once('secureConnect', () => {
          stage = 'connected';
          clearTimeout(connect);
        }),
      );
      sent.on('error', fail);
      sent.on('response', (response) => {
        clearTimeout(connect);
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > limits.maxResponseBytes)
            fail(new SendError('oversize', `over ${limits.maxResponseBytes} bytes`));
          else chunks.push(chunk);
        });
        response.on('error', fail);
        response.on('aborted', () => fail(new SendError('unreachable', 'connection lost')));
        response.on('end', () => {
          clearTimeout(total);
          const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(flat) as Record<string, string>,
            body: Buffer.concat(chunks).toString('utf8'),
            ...(proxy === undefined ? {} : { via: proxy.name }),
          });
        });
      });
      sent.end(body);
    }).catch((error: unknown) => {
      // `request` throws for what it does not even try: plain http, an invalid header.
      throw error instanceof SendError ? error : new SendError('unreachable', codeOf(error));
    });
  };
}
