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
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  port: number,
): boolean {
  const [host, ...others] = headersDistinct.host ?? [];
  return host !== undefined && others.length === 0 && ownHosts(port).includes(host.toLowerCase());
}
