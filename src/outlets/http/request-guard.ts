import type { IncomingMessage } from 'node:http';
import { problem, type Problem } from '../../words/problem.ts';
import { showFound } from '../../config/rules/issue.ts';
import { isForUs } from './own-hosts.ts';

/** A request that gets no further, with the HTTP status that says why. */
export interface Refusal {
  readonly status: number;
  readonly problem: Problem;
}

/** Who may ask a server on this machine. */
export interface Admitted {
  readonly port: number;
  /** What `Host` may say. */
  readonly hosts: readonly string[];
  /** Whose pages may ask; a program sends no `Origin`. */
  readonly origins: readonly string[];
}

/** What is looked at before any route: who the request was meant for, who sent it, and how. */
export function refusalOf(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>,
  { port, hosts, origins }: Admitted,
): Refusal | undefined {
  const { method = '', url = '', headers, rawHeaders } = request;
  if (!isForUs({ rawHeaders }, port, hosts))
    return { status: 421, problem: problem('usage', 'request.host') };
  const { origin } = headers;
  if (origin !== undefined && !origins.includes(origin))
    return { status: 403, problem: problem('usage', 'request.origin') };
  if (method !== 'GET') {
    return { status: 405, problem: problem('usage', 'request.method', { wanted: 'GET', found: method }) };
  }
  // `//host/path` and `http://host/path` would be resolved to another host.
  if (!url.startsWith('/') || url.startsWith('//')) return { status: 400, problem: nothingAt(url) };
  return undefined;
}

/** There is nothing at the path of an address; what else is in the address is not repeated. */
export function nothingAt(url: string): Problem {
  return problem('usage', 'request.not-found', { path: showFound(url.split('?', 1)[0]) ?? '' });
}

/**
 * Whether an address is of this machine's loopback network, also in the form of an IPv6 socket. A listener
 * on 127.0.0.1 can be reached from the same network segment where the system forwards such packets
 * (route_localnet; https://github.com/99designs/aws-vault/issues/198).
 */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === '127.0.0.1') return true;
  return /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/iu.test(address ?? '');
}
