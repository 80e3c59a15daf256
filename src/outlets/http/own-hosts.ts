import type { IncomingMessage } from 'node:http';

/**
 * The values of `Host` that a browser may send to this machine's own server. The default port is left out (RFC 9110
 * 7.2).
 */
export function ownHosts(port: number): readonly string[] {
  const names = ['localhost', '127.0.0.1', '[::1]'];
  const withPort = names.map((name) => `${name}:${port}`);
  return port === 80 ? [...withPort, ...names] : withPort;
}

/**
 * Whether a request was meant for this machine. DNS rebinding, a foreign name that resolves to this machine, sends
 * its own name. Such a request is answered with 421 (RFC 9110 15.5.20).
 */
export function isForUs(
  { rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>,
  port: number,
  hosts: readonly string[] = ownHosts(port),
): boolean {
  let host: string | undefined;
  // Names and values alternate. `headers` keeps only the first of several, and `headersDistinct` sorts them all.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== 'host') continue;
    if (host !== undefined) return false;
    host = rawHeaders[at + 1];
  }
  return host !== undefined && hosts.includes(host.toLowerCase());
}
