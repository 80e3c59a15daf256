import type { Agent } from 'node:http';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { errorCode } from '../../system/files/error-code.ts';
import type { Proxy } from './proxy.ts';
import { SendError, type HttpResponse, type Send, type SendErrorKind } from './send.ts';

/** Said each time, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn it off for every connection. */
const VERIFIED = { rejectUnauthorized: true } as const;

/** How far a request has come, which decides whom a failure is blamed on. */
type Stage = 'to-proxy' | 'connecting' | 'connected';

function codeOf(error: unknown): string {
  const code = errorCode(error);
  return code === '' ? 'unknown' : code;
}

/** HTTP 407 is RFC 9110 15.5.8: the proxy wants to know who asks. */
function refusalOfProxy(status: number, proxy: string): SendError | undefined {
  if (status === 200) return undefined;
  return new SendError(status === 407 ? 'proxy-auth' : 'proxy-refused', `HTTP ${status}`, proxy);
}

/**
 * A tunnel through the proxy (RFC 9110 9.3.6), for one request; `signal` ends it while it is being dug, and
 * `onError` hears of what the library does not.
 */
async function tunnel(options: {
  proxy: Proxy;
  secureContext: SecureContext | undefined;
  signal: AbortSignal;
  onError: (error: Error) => void;
}): Promise<Agent> {
  const { proxy, secureContext, signal, onError } = options;
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  // By header rather than in the address, which the library prints when DEBUG is set.
  const { authorization, url } = proxy;
  const headers = authorization === undefined ? {} : { 'Proxy-Authorization': authorization };
  if (url.protocol === 'http:') return new HttpsProxyAgent(url, { headers, signal });
  // `tls.connect` knows no signal and would wait for ever: the connection under it is ours to end.
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

/** Node's roots and ours. Reading some 150 certificates takes a tenth of a second, so it is kept. */
function trusting(extraCa: string): SecureContext {
  if (known?.extraCa !== extraCa)
    known = { extraCa, context: createSecureContext({ ca: [...rootCertificates, extraCa] }) };
  return known.context;
}

/**
 * Node's own HTTPS client. msal-node's default one has no timeout on POST (its own doc comment says
 * so), so a black hole would hang a refresh for ever. `extraCa` is PEM trusted besides the built-in
 * roots; without it Node's defaults, with NODE_EXTRA_CA_CERTS, apply. The limits hold for the proxy's part too.
 */
export function httpsSend(extraCa?: string, proxy?: Proxy): Send {
  return async ({ method, url, headers, body }, limits) => {
    const secureContext = extraCa === undefined ? undefined : trusting(extraCa);
    const digging = new AbortController();
    let onError: (error: Error) => void = () => undefined;
    const { signal } = digging;
    // A connection of its own: a pooled one that died in a suspend would hang the first refresh after it.
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
        // Otherwise the proxy's page would be taken for the authority's answer.
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
      // `request` itself throws for what it will not even try: plain http, a header that cannot be sent.
      throw error instanceof SendError ? error : new SendError('unreachable', codeOf(error));
    });
  };
}
