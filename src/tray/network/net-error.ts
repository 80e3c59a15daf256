import { SendError } from '../../agent/network/send.ts';
import { say } from '../../words/say.ts';

/** Chromium's words for what stands before the authority: the way to a proxy, or to the script that names it. */
const PROXY_UNREACHABLE =
  /^(?:PROXY_CONNECTION_FAILED|PROXY_CERTIFICATE_INVALID|SOCKS_CONNECTION_(?:FAILED|HOST_UNREACHABLE)|PAC_\w+|MANDATORY_PROXY_CONFIGURATION_FAILED|NO_SUPPORTED_PROXIES)$/u;

/** The proxy wants to know who asks, and the account of this user did not do. */
const PROXY_AUTH = /^(?:PROXY_AUTH_\w+|UNABLE_TO_REUSE_CONNECTION_FOR_PROXY_AUTH)$/u;

/** Any other answer of the proxy than a tunnel. */
const PROXY_REFUSED = /^(?:TUNNEL_CONNECTION_FAILED|PROXY_HTTP_1_1_REQUIRED)$/u;

/** Said by a server that wants a certificate of the client; not to be taken for an untrusted one of its own. */
const CLIENT_CERTIFICATE = /^(?:SSL_CLIENT_AUTH_\w+|BAD_SSL_CLIENT_AUTH_CERT)$/u;

/**
 * What Chromium's `net::ERR_…` (net/base/net_error_list.h) means in the words of the agent: the code without its
 * prefix, so that the ones about certificates begin with `CERT_`. Anything else is `unknown`, never content.
 * How long it waited is Chromium's secret, so that its time-outs are not told as ours.
 * @param proxied host and port of the proxy in use, as far as it is known
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
 * Host and port of the first proxy in what `session.resolveProxy` answers, a list as of a PAC file:
 * `PROXY proxy.example:8080; DIRECT`. Undefined where the first way is the direct one.
 */
export function firstProxy(pac: string): string | undefined {
  const [, address] = /^\s*(?:PROXY|HTTPS|SOCKS[45]?)\s+([^\s;]+)/iu.exec(pac) ?? [];
  return address;
}
