import { describe, expect, test } from 'vitest';
import { problem } from '../../../src/words/problem.ts';
import { replyWithProblem, replyWithToken } from '../../../src/outlets/answer/answer.ts';
import { identityReply, readIdentityQuery } from '../../../src/outlets/loopback/identity-protocol.ts';
import { readTokenQuery } from '../../../src/outlets/answer/token-query.ts';
import { ada, NOON, TOKEN, token } from '../fixtures/fake-agent.ts';

const read = (text: string): ReturnType<typeof readIdentityQuery> =>
  readIdentityQuery(new URLSearchParams(text));
const graph = 'resource=https%3A%2F%2Fgraph.microsoft.com';

describe('the request', () => {
  test.each([
    ['https://graph.microsoft.com', 'https://graph.microsoft.com/.default'],
    // azure-cli's auth/util.py says why: the audience is the resource with its slash.
    ['https://management.core.windows.net/', 'https://management.core.windows.net//.default'],
  ])('%s becomes the scope %s', (resource, scope) => {
    const asked = read(`api-version=2019-08-01&resource=${encodeURIComponent(resource)}`);
    if (asked.kind !== 'ok') throw new Error(asked.problem.code);
    expect(asked.resource).toBe(resource);
    expect(readTokenQuery(asked.query)).toEqual({ kind: 'ok', request: { scopes: [scope] } });
  });

  test.each(['object_id=1', 'mi_res_id=/x', 'xms_cc=cp1', 'token_sha256_to_refresh=00', 'profile=other'])(
    '%s is passed over',
    (extra) => {
      const asked = read(`${graph}&${extra}`);
      expect(asked.kind === 'ok' && asked.query.toString()).toBe(graph);
    },
  );

  test('client_id is passed on; an empty one is not', () => {
    const [named, empty] = [read(`${graph}&client_id=abc`), read(`${graph}&client_id=`)];
    expect(named.kind === 'ok' && named.query.get('client_id')).toBe('abc');
    expect(empty.kind === 'ok' && empty.query.has('client_id')).toBe(false);
  });

  test.each([
    ['api-version=2017-09-01&resource=x', 'identity.version', { wanted: '2019-08-01', found: '2017-09-01' }],
    ['api-version=2019-08-01', 'identity.resource', { count: 0 }],
    ['resource=', 'identity.resource', { count: 0 }],
    ['resource=a&resource=b', 'identity.resource', { count: 2 }],
  ])('%s is refused with what was found', (text, code, params) => {
    expect(read(text)).toMatchObject({ kind: 'wrong', problem: { code, params } });
  });
});

describe('the answer', () => {
  const given = replyWithToken({ kind: 'token', token, warning: undefined }, ada);
  const body = 'error' in given.body ? undefined : { ...given.body, clientId: 'app' };
  const good = identityReply({ ...given, body: body ?? given.body }, 'https://graph.microsoft.com');

  test('App Service’s five fields and no other; expires_on is a text', () => {
    expect(good.httpStatus).toBe(200);
    expect(good.body).toStrictEqual({
      access_token: TOKEN,
      expires_on: String(Date.UTC(2026, 10, 22, 13) / 1000),
      resource: 'https://graph.microsoft.com',
      token_type: 'Bearer',
      client_id: 'app',
    });
  });

  test('the end is read alike by the readings of the three SDKs', () => {
    const wire = JSON.parse(JSON.stringify(good.body)) as Record<string, unknown>;
    const raw = wire.expires_on;
    if (typeof raw !== 'string') throw new Error('App Service sends a text');
    // Python: int(payload["expires_on"]), which knows no fractions and no dates.
    expect(raw).toMatch(/^\d{10}$/u);
    // JavaScript (msal-node, ManagedIdentityTokenResponse): an all-digit text counts as seconds.
    expect(Number(raw) * 1000).toBe(NOON + 3_600_000);
    // .NET: expires_in would be written over expires_on.
    expect(wire).not.toHaveProperty('expires_in');
  });

  test.each([
    ['interaction', problem('interaction', 'signed-out'), 400, 'interaction_required'],
    ['admin', problem('admin', 'not-configured'), 400, 'unauthorized_client'],
    ['storage', problem('storage', 'storage.locked', { detail: 'x' }), 400, 'server_error'],
    ['usage', problem('usage', 'request.origin'), 400, 'invalid_request'],
    // 500 makes a caller hang for five seconds.
    ['unexpected', problem('usage', 'unexpected', { detail: 'x' }), 400, 'server_error'],
    ['transient', problem('transient', 'throttled'), 503, 'temporarily_unavailable'],
  ])('%s: one body that all SDKs show', (_kind, reason, status, error) => {
    const reply = identityReply(replyWithProblem(reason), 'r');
    expect(reply.httpStatus).toBe(status);
    expect(reply.headers).toEqual(status === 503 ? { 'Retry-After': '1' } : {});
    expect(reply.body).toMatchObject({ statusCode: status, error, code: reason.code });
    const {
      message,
      error_description: description,
      correlationId,
    } = reply.body as never as Record<string, string>;
    expect(message).toMatch(/^[A-Z].+\. [A-Z].+/u);
    expect(description).toBe(message);
    expect(correlationId).toMatch(/^[\da-f]{8}-/u);
  });
});
