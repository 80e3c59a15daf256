import { ClientAuthError, ServerError } from '@azure/msal-node';
import { describe, expect, test } from 'vitest';
import { classify, readFailure } from '../../../src/agent/failures/failures.ts';
import { SendError } from '../../../src/agent/network/send.ts';
import type { NetworkObservation } from '../../../src/agent/network/network.ts';
import type { Problem } from '../../../src/words/problem.ts';
import { sayProblem } from '../../../src/words/say.ts';
import { interactionError, serverError } from '../fixtures/fake-authority.ts';
import { profile } from '../fixtures/fixture.ts';

const answered400: NetworkObservation = {
  failure: undefined,
  host: 'login.example.test',
  status: 400,
  retryAfterMs: undefined,
  aadsts: 0,
};
const nothing: NetworkObservation = { ...answered400, host: undefined, status: undefined };

function meaning(error: unknown, seen: Partial<NetworkObservation> = {}): Problem {
  return classify(readFailure(error, { ...answered400, ...seen }), profile.redirectUri);
}

const rows: Record<string, readonly (number | [number, string])[]> = {
  'admin wrong-secret': [[7000215, 'invalid_client'], 7000218, 7000216],
  'admin expired-secret': [[7000222, 'invalid_client']],
  'admin wrong-redirect': [[50011, 'invalid_request'], [500112, 'invalid_client'], 500117],
  'admin wrong-client': [[700016, 'unauthorized_client'], 90002, 900023, 50059],
  'admin wrong-scope': [[70011, 'invalid_scope'], 28000, 28002, 28003, 500011, 650053, 650057],
  'interaction consent': [[65001, 'invalid_grant'], 65004],
  'interaction admin-consent': [90094, 90095],
  'interaction account-refused': [50020, 90072, 50034],
  'admin account-disabled': [50057],
  'interaction conditional-access': [
    [53003, 'interaction_required'],
    [53005, 'unauthorized_client'],
    53000,
    53001,
    53002,
    53004,
    530002,
    530003,
  ],
  'interaction sign-in.code-used': [54005],
  'interaction revoked': [50173, 70000, 700082, 70008, 700084, 50132, 50133, 50089],
  'interaction interaction': [
    50058, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50129, 50144, 70043, 70044,
  ],
  'transient authority-down': [[90033, 'temporarily_unavailable'], 90006, 90012, 90024],
  'transient throttled': [50196],
  'admin request-refused': [
    [90013, 'invalid_request'],
    [9002313, 'invalid_request'],
  ],
  'transient unknown': [[999999, 'never_seen']],
};

describe.each(Object.entries(rows))('%s', (expected, errors) => {
  test.each(errors.map((error) => (typeof error === 'number' ? ([error, 'invalid_grant'] as const) : error)))(
    'is what AADSTS%i (%s) means',
    (aadsts, errorCode) => {
      const found = meaning(serverError(aadsts, errorCode));
      expect(`${found.kind} ${found.code}`).toBe(expected);
      expect(found.params['detail']).toBe(`AADSTS${aadsts}`);
    },
  );
});

test.each([
  ['invalid_grant', 'interaction interaction'],
  ['interaction_required', 'interaction interaction'],
  ['login_required', 'interaction interaction'],
  ['consent_required', 'interaction consent'],
  ['no_tokens_found', 'interaction interaction'],
  ['no_account_found', 'interaction interaction'],
  ['refresh_token_expired', 'interaction interaction'],
  ['nonce_mismatch', 'interaction sign-in.nonce-mismatch'],
  ['invalid_client', 'admin wrong-secret'],
  ['unauthorized_client', 'admin wrong-client'],
  ['invalid_scope', 'admin wrong-scope'],
  ['invalid_resource', 'admin wrong-scope'],
  ['invalid_target', 'admin wrong-scope'],
  ['temporarily_unavailable', 'transient authority-down'],
  ['server_error', 'transient authority-down'],
  ['endpoints_resolution_error', 'transient unknown'],
])('without a number %s means %s', (errorCode, expected) => {
  const found = meaning(new ClientAuthError(errorCode, 'correlation', 'hunter2'));
  expect(`${found.kind} ${found.code}`).toBe(expected);
});

test.each([
  ['consent_required', 'consent'],
  ['protection_policy_required', 'conditional-access'],
  ['token_expired', 'interaction'],
])('suberror %s of an authority without numbers asks for a sign-in (%s)', (suberror, code) => {
  const error = new ServerError('invalid_grant', 'correlation', 'hunter2', suberror);
  expect(meaning(error)).toMatchObject({ kind: 'interaction', code });
});

test('the number is taken from errorNo when the description has none', () => {
  const error = new ServerError('invalid_client', 'correlation', 'Expired.', '', '7000222', 401);
  expect(meaning(error)).toMatchObject({ kind: 'admin', code: 'expired-secret' });
});

test('the number of an answer that MSAL dropped is used', () => {
  const error = new ClientAuthError('openid_config_error', 'correlation', 'hunter2');
  expect(meaning(error, { aadsts: 90002 })).toMatchObject({ kind: 'admin', code: 'wrong-client' });
});

test.each([
  [200, 'oauth', 'admin wrong-authority'],
  [200, 'other', 'transient other-answer'],
  [403, 'other', 'transient other-answer'],
  [404, 'oauth', 'admin wrong-authority'],
] as const)('metadata that MSAL cannot use, HTTP %i (%s), means %s', (status, answer, expected) => {
  const error = new ClientAuthError('openid_config_error', 'correlation', 'hunter2');
  const found = meaning(error, { status, answer });
  expect(`${found.kind} ${found.code}`).toBe(expected);
});

test('a claims challenge that MSAL dropped is taken from the answer', () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  expect(meaning(serverError(70043), { claims })).toMatchObject({ kind: 'interaction', claims });
});

test('a claims challenge is kept for the next sign-in', () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  expect(meaning(interactionError(50076, claims))).toMatchObject({ kind: 'interaction', claims });
});

describe('the network', () => {
  const network = new ClientAuthError('network_error', 'correlation', 'hunter2');
  test.each([
    [{ failure: new SendError('timeout', 'no answer'), status: undefined }, 'timeout'],
    [{ failure: new SendError('unreachable', 'ENOTFOUND'), status: undefined }, 'offline'],
    [{ failure: new SendError('oversize', 'over 1 bytes'), status: undefined }, 'offline'],
    [{ status: 503 }, 'authority-down'],
    [{ status: 500 }, 'authority-down'],
    [{ status: 408 }, 'authority-down'],
    [{ status: 429 }, 'throttled'],
    [{ status: 403 }, 'unknown'],
    [{ status: 404 }, 'unknown'],
  ])('seen as %j is transient: %s', (seen, code) => {
    expect(meaning(network, seen)).toMatchObject({ kind: 'transient', code });
  });

  test.each([429, 503])('HTTP %i keeps the time the authority asked for', (status) => {
    expect(meaning(network, { status, retryAfterMs: 120_000 })).toMatchObject({ retryAfterMs: 120_000 });
  });

  test('AADSTS90033 in a 503 keeps the time the authority asked for', () => {
    const found = meaning(serverError(90033, 'temporarily_unavailable'), {
      status: 503,
      retryAfterMs: 120_000,
    });
    expect(found).toMatchObject({ kind: 'transient', code: 'authority-down', retryAfterMs: 120_000 });
  });

  test('a refusal with a number in a 500 is judged by its number', () => {
    expect(meaning(serverError(50173), { status: 500 })).toMatchObject({ code: 'revoked' });
  });
});

test('MSAL’s own throttle, an empty code without a request, is classified as throttled', () => {
  const error = new ServerError('', 'correlation');
  expect(meaning(error, nothing)).toMatchObject({ kind: 'transient', code: 'throttled' });
});

test.each([
  ['a bug of ours', new TypeError('x is undefined'), 'TypeError'],
  ['a text', 'hunter2', 'unknown'],
  ['nothing', undefined, 'unknown'],
])('%s is unknown and transient, not throttling', (_name, thrown, detail) => {
  expect(meaning(thrown, nothing)).toMatchObject({ kind: 'transient', code: 'unknown', params: { detail } });
});

test.each<[string, Error]>([
  ['a description', serverError(50076)],
  ['an unknown refusal', serverError(123456, 'strange')],
  ['a client error', new ClientAuthError('network_error', 'c', 'password=hunter2')],
  ['a code with markup', new ServerError('<b>odd</b>"\n', 'c', 'hunter2')],
])('words never repeat %s', (_name, error) => {
  const found = meaning(error);
  const words = JSON.stringify([found, sayProblem(found, 'terminal')]);
  expect(words).not.toMatch(/hunter2|password|[<>]/u);
  expect(words).not.toMatch(/\{[a-zA-Z]+\}/u);
});

test('a code of any length makes a short detail', () => {
  const found = meaning(new ServerError('x'.repeat(5000), 'c'));
  expect(String(found.params['detail'])).toHaveLength(60);
});
