import { expect, test, vi } from 'vitest';
import { SendError, type HttpRequest, type SendLimits } from '../../../src/agent/network/send.ts';
import { readRetryAfter, TokenNetwork } from '../../../src/agent/network/network.ts';
import { memoryLog, sendThat } from '../fixtures/fixture.ts';

const URL_WITH_SECRET = 'https://login.example.test:8443/token?code=hunter2';
const now = Date.UTC(2026, 10, 22, 8);

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Sun, 22 Nov 2026 08:02:00 GMT', 120_000],
  ['Sun, 22 Nov 2026 07:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j means %s ms', (value, expected) => {
  expect(readRetryAfter(value, now)).toBe(expected);
});

function network(...answers: Parameters<typeof sendThat>): { network: TokenNetwork; lines: unknown[] } {
  const lines: unknown[] = [];
  return {
    network: new TokenNetwork({ send: sendThat(...answers), now: () => now, log: memoryLog(lines) }),
    lines,
  };
}

test('MSAL gets status, headers and the parsed body', async () => {
  const { network: tested } = network({ status: 400, headers: { date: 'now' }, body: '{"error":"x"}' });
  expect(await tested.sendPostRequestAsync('https://a.example/')).toEqual({
    status: 400,
    headers: { date: 'now' },
    body: { error: 'x' },
  });
});

test('the request is sent with limits of time and size', async () => {
  const send = vi.fn<(request: HttpRequest, limits: SendLimits) => Promise<never>>();
  const tested = new TokenNetwork({ send, now: () => now, log: memoryLog() });
  await tested
    .sendPostRequestAsync('https://a.example/', { headers: { a: 'b' }, body: 'c' })
    .catch(() => undefined);
  const [request, limits] = send.mock.calls[0]!;
  expect(request).toEqual({ method: 'POST', url: 'https://a.example/', headers: { a: 'b' }, body: 'c' });
  expect(Object.values(limits).every((limit) => limit > 0 && Number.isFinite(limit))).toBe(true);
});

test('an error page in HTML is judged by its status alone', async () => {
  const { network: tested } = network({
    status: 502,
    body: '<h1>Bad gateway</h1>',
    headers: { 'retry-after': '7' },
  });
  expect(await tested.sendGetRequestAsync('https://a.example/')).toMatchObject({ status: 502, body: {} });
  expect(tested.takeObservation()).toEqual({
    failure: undefined,
    host: 'a.example',
    status: 502,
    retryAfterMs: 7000,
    aadsts: 0,
    claims: undefined,
    answer: 'oauth',
  });
});

const foreign = [
  ['a captive portal’s page', { status: 200, body: '<html>Log in to the hotel</html>' }],
  ['a captive portal’s redirect', { status: 302, body: '' }],
  ['a firewall’s page', { status: 403, body: '<html>Blocked</html>' }],
  ['a JSON text', { status: 200, body: '"text"' }],
  ['a JSON null', { status: 200, body: 'null' }],
  ['a JSON list', { status: 200, body: '[1]' }],
  ['an empty object', { status: 200, body: '{}' }],
  ['JSON without an error', { status: 400, body: '{"ok":false}' }],
] as const;
test.each(foreign)('%s is not OAuth’s, whatever was asked', async (_name, answer) => {
  const { network: tested } = network(answer, answer);
  for (const ask of ['sendGetRequestAsync', 'sendPostRequestAsync'] as const) {
    await expect(tested[ask]('https://a.example/')).rejects.toThrow('not an OAuth answer');
    expect(tested.takeObservation()).toMatchObject({
      host: 'a.example',
      status: answer.status,
      answer: 'other',
    });
  }
});

test('a token request needs a token or an error, an address without metadata needs neither', async () => {
  const { network: tested } = network({ status: 404, body: '' }, { status: 200, body: '{"issuer":"x"}' });
  expect(await tested.sendGetRequestAsync('https://a.example/')).toMatchObject({ status: 404 });
  await expect(tested.sendPostRequestAsync('https://a.example/')).rejects.toThrow('not an OAuth answer');
});

test.each([
  ['{"error":"invalid_grant","claims":"{\\"access_token\\":{}}"}', '{"access_token":{}}'],
  ['{"error":"invalid_grant","claims":"hunter2"}', undefined],
  ['{"error":"invalid_grant","claims":{"access_token":{}}}', undefined],
  ['{"error":"invalid_grant"}', undefined],
])('the claims in %s are %s', async (body, claims) => {
  const { network: tested } = network({ status: 400, body });
  await tested.sendPostRequestAsync('https://a.example/');
  expect(tested.takeObservation().claims).toBe(claims);
});

test.each([
  ['{"error_codes":[90002,1]}', 90002],
  ['{"error_codes":"90002"}', 0],
  ['{"error_codes":[]}', 0],
  ['{"error_codes":["AADSTS90002: hunter2"]}', 0],
])('the number in %s is seen as %i', async (body, aadsts) => {
  const { network: tested } = network({ status: 400, body });
  await tested.sendGetRequestAsync('https://a.example/').catch(() => undefined);
  expect(tested.takeObservation().aadsts).toBe(aadsts);
});

test('an observation is taken once', async () => {
  const { network: tested } = network(new SendError('timeout', 'no answer'));
  await expect(tested.sendPostRequestAsync(URL_WITH_SECRET)).rejects.toThrow('timeout');
  expect(tested.takeObservation()).toMatchObject({
    failure: { kind: 'timeout' },
    host: 'login.example.test:8443',
  });
  expect(tested.takeObservation().failure).toBeUndefined();
});

test('an error of another kind is reported as unreachable, without its message', async () => {
  const { network: tested, lines } = network(new Error('hunter2'));
  await expect(tested.sendPostRequestAsync(URL_WITH_SECRET)).rejects.toThrow(SendError);
  expect(JSON.stringify([lines, tested.takeObservation()])).not.toContain('hunter2');
});

test('the log has method, host, status and time, and nothing else of the request', async () => {
  const { network: tested, lines } = network(
    { body: '{"access_token":"hunter2"}', headers: { 'set-cookie': 'hunter2' } },
    new SendError('unreachable', 'ECONNRESET'),
  );
  const options = { headers: { authorization: 'hunter2' }, body: 'client_secret=hunter2' };
  await tested.sendPostRequestAsync(URL_WITH_SECRET, options);
  await tested.sendPostRequestAsync(URL_WITH_SECRET, options).catch(() => undefined);
  const host = 'login.example.test:8443';
  expect(lines).toEqual([
    ['debug', 'request', { method: 'POST', host, status: 200, ms: 0 }],
    ['warn', 'request failed', { method: 'POST', host, reason: 'unreachable: ECONNRESET', ms: 0 }],
  ]);
});
