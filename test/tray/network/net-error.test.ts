import { expect, test } from 'vitest';
import { sendProblem } from '../../../src/agent/failures/send-problem.ts';
import { sendErrorOf } from '../../../src/tray/network/net-error.ts';
import { sayProblem, sayReason } from '../../../src/words/say.ts';

const PROXY = 'proxy.example:8080';

test.each([
  ['INTERNET_DISCONNECTED', PROXY, 'idp.example cannot be reached (INTERNET_DISCONNECTED).'],
  // It is not known how long it waited, so no seconds are shown.
  ['CONNECTION_TIMED_OUT', PROXY, 'idp.example cannot be reached (CONNECTION_TIMED_OUT).'],
  ['TIMED_OUT', PROXY, 'idp.example cannot be reached (TIMED_OUT).'],
  [
    'CERT_AUTHORITY_INVALID',
    PROXY,
    'The certificate of idp.example is not trusted on this machine (CERT_AUTHORITY_INVALID).',
  ],
  ['SSL_CLIENT_AUTH_CERT_NEEDED', PROXY, 'idp.example cannot be reached (it wants a client certificate).'],
  [
    'PROXY_AUTH_UNSUPPORTED',
    PROXY,
    'The proxy proxy.example:8080 requires a user name and a password, or does not accept the ones it received.',
  ],
  [
    'PROXY_CONNECTION_FAILED',
    PROXY,
    'The proxy proxy.example:8080 cannot be reached (PROXY_CONNECTION_FAILED).',
  ],
  // No proxy is known if its script cannot be loaded.
  [
    'PAC_SCRIPT_FAILED',
    undefined,
    'The proxy from the system settings cannot be reached (PAC_SCRIPT_FAILED).',
  ],
  [
    'TUNNEL_CONNECTION_FAILED',
    PROXY,
    'The proxy proxy.example:8080 does not allow connections to idp.example (TUNNEL_CONNECTION_FAILED).',
  ],
])('ERR_%s as a sentence', (code, proxy, sentence) => {
  const problem = sendProblem(sendErrorOf(`net::ERR_${code}`, proxy), 'idp.example');
  expect(sayReason(problem)).toBe(sentence);
});

test.each(['PROXY_AUTH_REQUESTED', 'CERT_AUTHORITY_INVALID'])(
  'the next step for ERR_%s names the setting that changes the network',
  (code) => {
    const problem = sendProblem(sendErrorOf(`net::ERR_${code}`, PROXY), 'idp.example');
    expect(sayProblem(problem, 'tray').next).toContain('Network is set to environment variables in Settings');
  },
);
