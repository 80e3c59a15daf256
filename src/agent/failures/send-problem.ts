import { CONNECT_TIMEOUT_MS, TOTAL_TIMEOUT_MS } from '../network/network.ts';
import type { SendError } from '../network/send.ts';
import { problem, type Problem } from '../../words/problem.ts';

/** Node's codes for a certificate that it rejects: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/u;

/** A certificate outside its validity, in the words of Node and of Chromium. Other root certificates do not help. */
const OUTSIDE_VALIDITY = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_DATE_INVALID'];

/** A certificate for another host, in the words of Node and of Chromium. */
const ANOTHER_NAME = ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_COMMON_NAME_INVALID'];

/** Schemes of a proxy (RFC 9110 11.7.1) for which only a local proxy helps. */
const UNSUPPORTED = /\b(?:NTLM|Negotiate|Kerberos|Digest)\b/iu;

const TOTAL_SECONDS = TOTAL_TIMEOUT_MS / 1000;
const CONNECT_SECONDS = CONNECT_TIMEOUT_MS / 1000;

/**
 * The problem of a request to `host` that got no answer. Problems of the proxy and of the extra certificates are
 * reported as theirs, not as the authority's.
 * @param clock what is known of this machine's clock: that it is right, or the problem that it has
 * @param now milliseconds since the epoch
 */
export function sendProblem(
  { kind, detail, subject }: SendError,
  host: string,
  clock?: 'right' | Problem,
  now = Date.now(),
): Problem {
  if (OUTSIDE_VALIDITY.includes(detail)) {
    const server = kind === 'proxy-unreachable' ? subject : host;
    if (clock === undefined)
      return problem('transient', 'untrusted.date', { host: server, detail, time: dateAndTime(now) });
    return clock === 'right' ? problem('transient', 'untrusted.renew', { host: server, detail }) : clock;
  }
  switch (kind) {
    case 'no-connection':
      return problem('transient', 'timeout', { host, seconds: CONNECT_SECONDS });
    case 'timeout':
      return problem('transient', 'timeout', { host, seconds: TOTAL_SECONDS });
    case 'unreachable':
    case 'oversize':
      if (ANOTHER_NAME.includes(detail)) return problem('transient', 'untrusted.name', { host });
      return problem('transient', UNTRUSTED.test(detail) ? 'untrusted' : 'offline', { host, detail });
    case 'proxy-setting':
      return problem('admin', 'proxy.setting', { variable: subject });
    case 'proxy-auth':
      return UNSUPPORTED.test(detail) && !/\bBasic\b/iu.test(detail)
        ? problem('admin', 'proxy.scheme', { proxy: subject, schemes: detail })
        : problem('admin', 'proxy.auth', { proxy: subject });
    case 'proxy-refused':
      return problem('transient', 'proxy.refused', { proxy: subject, host, detail });
    case 'proxy-timeout':
      return problem('transient', 'proxy.timeout', { proxy: subject, seconds: CONNECT_SECONDS });
    case 'proxy-unreachable':
      return problem('transient', 'proxy.unreachable', { proxy: subject, detail });
    case 'ca-file':
      return problem('admin', 'extra-ca', { path: subject, detail });
  }
}

/** In this machine's language and time zone, to be compared with a watch. */
function dateAndTime(at: number): string {
  const form = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(undefined, form).format(at);
}
