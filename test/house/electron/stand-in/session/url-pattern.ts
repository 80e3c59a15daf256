// Chromium's extension match patterns, which webRequest filters are made of.

interface UrlPattern {
  matches(url: URL): boolean;
}

/**
 * Parses a match pattern: `<all_urls>` or `scheme://host[:port]/path`, with `*` for the scheme, the leading
 * labels of the host, the port, and anywhere in the path (which includes the query).
 * @throws TypeError as Electron does for a pattern Chromium refuses
 */
export function parseUrlPattern(pattern: string): UrlPattern {
  if (pattern === '<all_urls>') return { matches: () => true };
  const [, scheme, host, port, path] =
    /^(\*|[a-z][a-z0-9+.-]*):\/\/(\*|(?:\*\.)?(?:[^*:/[\]]+|\[[0-9a-f:]+\]))?(?::(\*|\d+))?(\/.*)?$/i.exec(
      pattern,
    ) ?? [];
  if (scheme === undefined || host === undefined || path === undefined) {
    throw new TypeError(
      `Invalid url pattern ${pattern}: ${path === undefined ? 'Empty path.' : 'Invalid host.'}`,
    );
  }
  const pathExpression = wildcard(path);
  return {
    matches: (url) =>
      schemeMatches(scheme, url) &&
      hostMatches(host, url.hostname) &&
      portMatches(port, url) &&
      pathExpression.test(url.pathname + url.search),
  };
}

function schemeMatches(scheme: string, url: URL): boolean {
  const actual = url.protocol.slice(0, -1);
  return scheme === '*' ? ['http', 'https', 'ws', 'wss'].includes(actual) : scheme.toLowerCase() === actual;
}

function hostMatches(host: string, hostname: string): boolean {
  if (host === '*') return true;
  const wanted = host.toLowerCase();
  if (!wanted.startsWith('*.')) return hostname === wanted;
  return hostname === wanted.slice(2) || hostname.endsWith(wanted.slice(1));
}

function portMatches(port: string | undefined, url: URL): boolean {
  if (port === undefined || port === '*') return true;
  const implied: Record<string, string> = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443' };
  return (url.port === '' ? implied[url.protocol] : url.port) === port;
}

function wildcard(path: string): RegExp {
  return new RegExp(`^${path.split('*').map(escapeForRegExp).join('.*')}$`, 's');
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
