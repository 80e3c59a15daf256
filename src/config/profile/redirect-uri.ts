import type { PlainRule } from '../rules/issue.ts';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The rule a redirect URI breaks, if any: http for this machine only (RFC 8252 7.3, 8.3), https
 * elsewhere, no user name, no fragment (RFC 6749 3.1.2). The text itself is kept as it is registered,
 * because the authority compares it letter by letter.
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

/** The port on which this machine can receive a redirect; undefined where that is not http on loopback. */
export function receivablePort(redirectUri: string): number | undefined {
  const isHere = new URL(redirectUri).protocol === 'http:' && isLoopbackRedirectUri(redirectUri);
  return isHere ? portOfRedirectUri(redirectUri) : undefined;
}

/** The port of a redirect URI, the scheme's own where none is written. */
export function portOfRedirectUri(redirectUri: string): number {
  const url = new URL(redirectUri);
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
