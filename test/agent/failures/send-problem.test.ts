import { expect, test } from 'vitest';
import { sendProblem } from '../../../src/agent/failures/send-problem.ts';
import { SendError, type SendErrorKind } from '../../../src/agent/network/send.ts';
import { problem } from '../../../src/words/problem.ts';
import { sayProblem } from '../../../src/words/say.ts';

const HOST = 'login.contoso.test';
const NOW = Date.UTC(2026, 11, 1, 12);
const ahead = problem('admin', 'clock.ahead', { minutes: 90 });

test.each<[SendErrorKind, string, 'right' | typeof ahead | undefined, string, RegExp]>([
  ['unreachable', 'CERT_HAS_EXPIRED', undefined, 'untrusted.date', /automatic time/u],
  ['unreachable', 'CERT_NOT_YET_VALID', 'right', 'untrusted.renew', /renew the certificate/u],
  ['unreachable', 'CERT_DATE_INVALID', ahead, 'clock.ahead', /automatic time/u],
  ['proxy-unreachable', 'CERT_HAS_EXPIRED', 'right', 'untrusted.renew', /renew the certificate/u],
  ['unreachable', 'ERR_TLS_CERT_ALTNAME_INVALID', undefined, 'untrusted.name', /with that name/u],
  ['unreachable', 'CERT_COMMON_NAME_INVALID', undefined, 'untrusted.name', /with that name/u],
  ['unreachable', 'SELF_SIGNED_CERT_IN_CHAIN', undefined, 'untrusted', /--ca-file/u],
  ['unreachable', 'ECONNREFUSED', undefined, 'offline', /network connection/u],
  ['proxy-auth', 'NTLM, Negotiate', undefined, 'proxy.scheme', /Px or Cntlm/u],
  ['proxy-auth', 'NTLM, Basic', undefined, 'proxy.auth', /USER:PASSWORD/u],
])('%s %s, with the clock %j: %s', (kind, detail, clock, code, next) => {
  const found = sendProblem(new SendError(kind, detail, 'http://proxy.contoso.test:3128'), HOST, clock, NOW);
  expect(found.code).toBe(code);
  expect(sayProblem(found, 'terminal').next).toMatch(next);
});
