import type { PlainRule } from '../rules/issue.ts';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The rule that a redirect URI breaks, if any: http only for this machine (RFC 8252 7.3, 8.3), otherwise https; no user
 * name, no fragment (RFC 6749 3.1.2). The text itself is kept as registered, because the authority compares it exactly.
 */
export function brokenRuleOfRedirectUri(text: string): PlainRule | undefined {
  if (/[\s\\\p{Cc}]/u.test(text) || !URL.canParse(text)) return 'settings.rule.redirect-uri';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'settings.rule.redirect-uri';
  if (text.includes('#') || url.username !== '' || url.password !== '')
    return 'settings.rule.redirect-uri.parts';
  return url.protocol === 'http:' && !LOOPBACK_HOSTS.has(url.hostname)
    ? 'settings.rule.redirect-uri.http'
    : undefined;
}

/** Whether a redirect URI stays on this machine. */
export function isLoopbackRedirectUri(redirectUri: string): boolean {
  return LOOPBACK_HOSTS.has(new URL(redirectUri).hostname);
}

/** The port on which this machine can receive the redirect; undefined unless the URI is http on loopback. */
export function receivablePort(redirectUri: string): number | undefined {
  const isHere = new URL(redirectUri).protocol === 'http:' && isLoopbackRedirectUri(redirectUri);
  return isHere ? portOfRedirectUri(redirectUri) : undefined;
}

/** The port of a redirect URI, or the scheme's default port. */
export function portOfRedirectUri(redirectUri: string): number {
  const url = new URL(redirectUri);
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
