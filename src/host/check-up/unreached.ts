import { sendProblem } from '../../agent/failures/failures.ts';
import type { SendError } from '../../agent/network/send.ts';
import { problem, type Problem } from '../../words/problem.ts';
import type { CheckOutcome } from './result.ts';

/** A certificate outside its validity, in the words of Node and of Chromium. Other root certificates do not help. */
const OUTSIDE_VALIDITY = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_DATE_INVALID'];

/** A certificate for another host, in the words of Node and of Chromium. */
const ANOTHER_NAME = ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_COMMON_NAME_INVALID'];

/** Schemes of a proxy (RFC 9110 11.7.1) for which only a local proxy helps. */
const UNSUPPORTED = /\b(?:NTLM|Negotiate|Kerberos|Digest)\b/iu;

/**
 * The problem of a request that got no answer, with the advice of a check-up.
 * @param now milliseconds since the epoch
 * @param clock the comparison with a clock that is known to be right; undefined if there is none
 */
export function unreachedProblem(
  failure: SendError,
  host: string,
  now: number,
  clock?: CheckOutcome,
): Problem {
  const { kind, detail, subject } = failure;
  if (kind === 'proxy-auth' && UNSUPPORTED.test(detail) && !/\bBasic\b/iu.test(detail))
    return problem('admin', 'proxy.scheme', { proxy: subject, schemes: detail });
  if (kind === 'unreachable' && ANOTHER_NAME.includes(detail))
    return problem('transient', 'untrusted.name', { host });
  if (!OUTSIDE_VALIDITY.includes(detail)) return sendProblem(failure, host);
  if (clock?.kind === 'trouble') return clock.problem;
  const server = kind === 'proxy-unreachable' ? subject : host;
  return clock?.kind === 'ok'
    ? problem('transient', 'untrusted.renew', { host: server, detail })
    : problem('transient', 'untrusted.date', { host: server, detail, time: dateAndTime(now) });
}

/** In this machine's language and time zone, to be compared with a watch. */
function dateAndTime(at: number): string {
  const form = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(undefined, form).format(at);
}
