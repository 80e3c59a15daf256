import type { IncomingMessage } from 'node:http';
import { problem, type Problem } from '../../words/problem.ts';
import { showFound } from '../../config/rules/issue.ts';
import { isForUs } from './own-hosts.ts';

/** A refused request, with the matching HTTP status. */
export interface Refusal {
  readonly status: number;
  readonly problem: Problem;
}

/** Which requests a server on this machine accepts. */
export interface Admitted {
  readonly port: number;
  /** The accepted values of `Host`. */
  readonly hosts: readonly string[];
  /** The accepted values of `Origin`; programs send none. */
  readonly origins: readonly string[];
}

/** Checks a request before any route: its destination, its sender and its method. */
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
  // `//host/path` and `http://host/path` would resolve to another host.
  if (!url.startsWith('/') || url.startsWith('//')) return { status: 400, problem: nothingAt(url) };
  return undefined;
}

/** The problem for an unknown path. The rest of the URL is not repeated. */
export function nothingAt(url: string): Problem {
  return problem('usage', 'request.not-found', { path: showFound(url.split('?', 1)[0]) ?? '' });
}

/**
 * Whether an address belongs to the loopback network, also as an IPv6 socket shows it. A listener on 127.0.0.1 can
 * be reached from the same network segment if the system forwards such packets (route_localnet;
 * https://github.com/99designs/aws-vault/issues/198).
 */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === '127.0.0.1') return true;
  return /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/iu.test(address ?? '');
}
