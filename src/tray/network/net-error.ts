import { SendError } from '../../agent/network/send.ts';
import { say } from '../../words/say.ts';

/** Chromium could not reach a proxy, or the PAC script that names it. */
const PROXY_UNREACHABLE =
  /^(?:PROXY_CONNECTION_FAILED|PROXY_CERTIFICATE_INVALID|SOCKS_CONNECTION_(?:FAILED|HOST_UNREACHABLE)|PAC_\w+|MANDATORY_PROXY_CONFIGURATION_FAILED|NO_SUPPORTED_PROXIES)$/u;

/** The proxy requires authentication, and did not accept this user's account. */
const PROXY_AUTH = /^(?:PROXY_AUTH_\w+|UNABLE_TO_REUSE_CONNECTION_FOR_PROXY_AUTH)$/u;

/** The proxy answered, but opened no tunnel. */
const PROXY_REFUSED = /^(?:TUNNEL_CONNECTION_FAILED|PROXY_HTTP_1_1_REQUIRED)$/u;

/** The server requires a client certificate; not to be confused with an untrusted certificate of its own. */
const CLIENT_CERTIFICATE = /^(?:SSL_CLIENT_AUTH_\w+|BAD_SSL_CLIENT_AUTH_CERT)$/u;

/**
 * Converts Chromium's `net::ERR_…` (net/base/net_error_list.h). The detail is the code without its prefix, so that
 * codes about certificates begin with `CERT_`; for anything else it is `unknown`, never the message. Chromium does
 * not say how long it waited, so its time-outs are not reported as ours.
 * @param proxied host and port of the proxy in use, if known
 */
export function sendErrorOf(message: string, proxied: string | undefined): SendError {
  const proxy = proxied ?? say('network.some-proxy');
  const [, code = 'unknown'] = /^net::ERR_([A-Z0-9_]+)$/u.exec(message) ?? [];
  if (PROXY_AUTH.test(code)) return new SendError('proxy-auth', code, proxy);
  if (PROXY_UNREACHABLE.test(code)) return new SendError('proxy-unreachable', code, proxy);
  if (PROXY_REFUSED.test(code)) return new SendError('proxy-refused', code, proxy);
  if (CLIENT_CERTIFICATE.test(code)) return new SendError('unreachable', 'it wants a client certificate');
  return new SendError('unreachable', code);
}

/**
 * Host and port of the first proxy in the answer of `session.resolveProxy`, which has the form of a PAC result:
 * `PROXY proxy.example:8080; DIRECT`. Undefined if the first entry is `DIRECT`.
 */
export function firstProxy(pac: string): string | undefined {
  const [, address] = /^\s*(?:PROXY|HTTPS|SOCKS[45]?)\s+([^\s;]+)/iu.exec(pac) ?? [];
  return address;
}
