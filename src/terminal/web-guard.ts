import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { problem, type Problem } from '../agent/problem.ts';
import { showFound } from '../config/issue.ts';
import { isForUs, ownHosts } from '../outlets/own-hosts.ts';

/** A request that gets no further, with the HTTP status that says why. */
export interface Refusal {
  readonly status: number;
  readonly problem: Problem;
}

/** What is looked at before any route: who the request was meant for, who sent it, and how. */
export function refusalOf(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'headersDistinct'>,
  port: number,
): Refusal | undefined {
  const { method = '', url = '', headers, headersDistinct } = request;
  if (!isForUs({ headersDistinct }, port)) return { status: 421, problem: problem('usage', 'request.host') };
  const { origin } = headers;
  if (origin !== undefined && !ownHosts(port).some((own) => origin === `http://${own}`)) {
    return { status: 403, problem: problem('usage', 'request.origin') };
  }
  if (method !== 'GET') {
    return { status: 405, problem: problem('usage', 'request.method', { wanted: 'GET', found: method }) };
  }
  // `//host/path` and `http://host/path` would be resolved to another host.
  if (!url.startsWith('/') || url.startsWith('//')) {
    return {
      status: 400,
      problem: problem('usage', 'request.not-found', { path: showFound(url.split('?', 1)[0]) ?? '' }),
    };
  }
  return undefined;
}

/**
 * Whether a person opened the address: typed, pasted, or a link on our own page. A request that another
 * page started (an image, a fetch, a link) and a browser's guess ahead must not use a ticket up. Browsers
 * that do not send these headers (Fetch Metadata) are let through: the ticket is still needed.
 */
export function isOpenedByPerson(headers: IncomingHttpHeaders): boolean {
  const among = (name: string, wanted: readonly string[]): boolean => {
    const value = headers[name];
    return value === undefined || (typeof value === 'string' && wanted.includes(value));
  };
  return (
    among('sec-fetch-site', ['none', 'same-origin']) &&
    among('sec-fetch-dest', ['document']) &&
    among('sec-fetch-mode', ['navigate']) &&
    headers['sec-purpose'] === undefined &&
    headers.purpose === undefined
  );
}
