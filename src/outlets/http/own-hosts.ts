import type { IncomingMessage } from 'node:http';

/** What a browser may write into `Host` for this machine's own server; the default port is left out (RFC 9110 7.2). */
export function ownHosts(port: number): readonly string[] {
  const names = ['localhost', '127.0.0.1', '[::1]'];
  const withPort = names.map((name) => `${name}:${port}`);
  return port === 80 ? [...withPort, ...names] : withPort;
}

/**
 * Whether a request was meant for this machine: DNS rebinding, a foreign name that points here, brings its
 * own name along. What is not is answered with 421 (RFC 9110 15.5.20).
 */
export function isForUs(
  { rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>,
  port: number,
  hosts: readonly string[] = ownHosts(port),
): boolean {
  let host: string | undefined;
  // Names and values in turn: `headers` keeps the first of several only, and `headersDistinct` sorts them all.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== 'host') continue;
    if (host !== undefined) return false;
    host = rawHeaders[at + 1];
  }
  return host !== undefined && hosts.includes(host.toLowerCase());
}
