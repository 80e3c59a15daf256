import { request } from 'node:https';
import { rootCertificates } from 'node:tls';
import { SendError, type HttpResponse, type Send } from './send.ts';

function toSendError(error: unknown): SendError {
  if (error instanceof SendError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new SendError('unreachable', code);
}

/**
 * Node's own HTTPS client. msal-node's default one has no timeout on POST (its own doc comment says
 * so), so a black hole would hang a refresh for ever. `extraCa` is a PEM trusted besides the built-in
 * roots; without it Node's defaults, with NODE_EXTRA_CA_CERTS, apply.
 */
export function httpsSend(extraCa?: string): Send {
  return ({ method, url, headers, body }, limits) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const sent = request(url, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
        // A connection of its own: a pooled one that died in a suspend would hang the first refresh after it.
        agent: false,
        ...(extraCa === undefined ? {} : { ca: [...rootCertificates, extraCa] }),
      });
      const fail = (error: unknown): void => {
        clearTimeout(total);
        clearTimeout(connect);
        reject(toSendError(error));
        sent.destroy();
      };
      const total = setTimeout(() => fail(new SendError('timeout', 'no answer')), limits.totalTimeoutMs);
      const connect = setTimeout(
        () => fail(new SendError('timeout', 'no connection')),
        limits.connectTimeoutMs,
      );
      sent.on('socket', (socket) => socket.once('secureConnect', () => clearTimeout(connect)));
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
          });
        });
      });
      sent.end(body);
    }).catch((error: unknown) => {
      // `request` itself throws for what it will not even try: plain http, a header that cannot be sent.
      throw toSendError(error);
    });
}
