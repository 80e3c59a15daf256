/** The path and the query of a request's target. */
export interface RequestTarget {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Only the first question mark ends the path: a query may contain more (RFC 3986 3.4). */
export function readTarget(url: string): RequestTarget {
  const end = url.indexOf('?');
  return end < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, end), query: new URLSearchParams(url.slice(end + 1)) };
}
