import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startDemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import {
  authorizeUrl,
  claimsOf,
  getCode,
  OIDC,
  pkce,
  requestToken,
  respond,
  signIn,
  text,
} from '../client.ts';

const START_MS = Date.parse('2026-11-22T08:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let nowMs: number;
let tenant: DemoTenant;
beforeEach(async () => {
  nowMs = START_MS;
  tenant = await startDemoTenant({ now: () => nowMs });
});
afterEach(() => tenant.close());

const redeem = (parameters: Record<string, string | undefined>) =>
  requestToken(tenant, { grant_type: 'authorization_code', ...parameters });
const refresh = (token: string, parameters: Record<string, string | undefined> = {}) =>
  requestToken(tenant, { grant_type: 'refresh_token', refresh_token: token, ...parameters });

function expectRefusal(
  { status, json }: { status: number; json: Record<string, unknown> },
  expected: { status?: number; error: string; code: number },
): void {
  expect({ status, error: json.error, codes: json.error_codes }).toEqual({
    status: expected.status ?? 400,
    error: expected.error,
    codes: [expected.code],
  });
  expect(json.error_description).toContain(`AADSTS${expected.code}: `);
  expect(json).not.toHaveProperty('access_token');
}

describe('a redeemed code', () => {
  test('gives tokens with Entra’s claims, dated by the tenant’s clock', async () => {
    const scope = `${OIDC} User.Read`;
    const code = await getCode(tenant, { scope, nonce: 'n-1' });
    const { json, headers } = await redeem({ code, scope, client_info: '1' });
    const user = tenant.users[0]!;
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600 });
    expect(json).not.toHaveProperty('refresh_in');
    expect(json.scope).toBe('User.Read openid profile');
    expect(headers['cache-control']).toBe('no-store');
    expect(await tenant.verifyAccessToken(text(json, 'access_token'))).toMatchObject({
      iss: `${tenant.authority}/v2.0`,
      aud: 'https://graph.microsoft.com',
      iat: START_MS / 1000,
      nbf: START_MS / 1000,
      exp: START_MS / 1000 + 3600,
      tid: tenant.tenantId,
      oid: user.oid,
      upn: user.username,
      appid: tenant.client.clientId,
      azp: tenant.client.clientId,
      ver: '2.0',
    });
    expect(claimsOf(text(json, 'id_token'))).toMatchObject({
      aud: tenant.client.clientId,
      nonce: 'n-1',
      name: 'Demo User',
      preferred_username: user.username,
      email: user.mail,
    });
    expect(JSON.parse(Buffer.from(text(json, 'client_info'), 'base64url').toString())).toEqual({
      uid: user.oid,
      utid: tenant.tenantId,
    });
  });

  test('gives no refresh token unless offline_access was requested, and no ID token without openid', async () => {
    const json = await signIn(tenant, 'User.Read');
    expect(json).not.toHaveProperty('refresh_token');
    expect(json).not.toHaveProperty('id_token');
  });

  test('is refused the second time', async () => {
    const code = await getCode(tenant);
    expect((await redeem({ code })).status).toBe(200);
    expectRefusal(await redeem({ code }), { error: 'invalid_grant', code: 54005 });
  });

  test('is refused after ten minutes, and not earlier', async () => {
    const [late, inTime] = [await getCode(tenant), await getCode(tenant)];
    nowMs += 10 * MINUTE_MS - 1;
    expect((await redeem({ code: inTime })).status).toBe(200);
    nowMs += 1;
    expectRefusal(await redeem({ code: late }), { error: 'invalid_grant', code: 70008 });
  });

  test('is refused without the verifier of its challenge, and stays valid with it', async () => {
    const { verifier, challenge } = pkce();
    const code = await getCode(tenant, { code_challenge: challenge, code_challenge_method: 'S256' });
    const refusal = { error: 'invalid_grant', code: 501481 };
    expectRefusal(await redeem({ code }), refusal);
    expectRefusal(await redeem({ code, code_verifier: pkce().verifier }), refusal);
    expectRefusal(await redeem({ code, code_verifier: challenge }), refusal);
    expect((await redeem({ code, code_verifier: verifier })).status).toBe(200);
  });

  test('is refused with a verifier but no challenge', async () => {
    const code = await getCode(tenant);
    expectRefusal(await redeem({ code, code_verifier: pkce().verifier }), {
      error: 'invalid_grant',
      code: 501481,
    });
  });

  test('is refused with another redirect URI than that of the request', async () => {
    tenant.client.redirectUris.push('http://localhost:5000/other');
    const code = await getCode(tenant);
    expectRefusal(await redeem({ code, redirect_uri: 'http://localhost:5000/other' }), {
      error: 'invalid_client',
      code: 500112,
    });
  });

  test('is refused if it was never issued', async () => {
    expectRefusal(await redeem({ code: 'made-up' }), { error: 'invalid_grant', code: 9002313 });
  });
});

describe('the client', () => {
  test.each([
    ['a wrong secret', { client_secret: 'wrong' }, { status: 401, error: 'invalid_client', code: 7000215 }],
    ['no secret', { client_secret: undefined }, { status: 401, error: 'invalid_client', code: 7000218 }],
    ['an unknown id', { client_id: 'nobody' }, { status: 400, error: 'unauthorized_client', code: 700016 }],
    ['no id', { client_id: undefined }, { status: 400, error: 'invalid_request', code: 900144 }],
  ])('is refused with %s', async (_name, parameters, refusal) => {
    const code = await getCode(tenant);
    expectRefusal(await redeem({ code, ...parameters }), refusal);
    expect((await redeem({ code })).status).toBe(200);
  });

  test('may send its secret in the header, form-encoded', async () => {
    tenant.client.clientSecret = 'a+b/c:d%e&f g';
    const { clientId, clientSecret } = tenant.client;
    const basic = (secret: string) => ({
      Authorization: `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(secret)}`).toString('base64')}`,
    });
    const ask = (secret: string) =>
      requestToken(
        tenant,
        {
          grant_type: 'client_credentials',
          scope: 'api://x/.default',
          client_id: undefined,
          client_secret: undefined,
        },
        { headers: basic(secret) },
      );
    expect((await ask(clientSecret)).status).toBe(200);
    expectRefusal(await ask('wrong'), { status: 401, error: 'invalid_client', code: 7000215 });
  });

  test('may authenticate with a signed assertion, if its key is registered', async () => {
    const keys = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const assert = async (expiresInSeconds: number) => {
      const { clientId } = tenant.client;
      const client_assertion = await new SignJWT()
        .setProtectedHeader({ alg: 'PS256' })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(`${tenant.authority}/oauth2/v2.0/token`)
        .setExpirationTime(START_MS / 1000 + expiresInSeconds)
        .setJti(crypto.randomUUID())
        .sign(createPrivateKey(keys.privateKey));
      return requestToken(tenant, {
        grant_type: 'client_credentials',
        scope: 'api://x/.default',
        client_secret: undefined,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion,
      });
    };
    expectRefusal(await assert(60), { status: 401, error: 'invalid_client', code: 700027 });
    tenant.client.assertionPem = keys.publicKey;
    expect((await assert(60)).status).toBe(200);
    expectRefusal(await assert(-60), { status: 401, error: 'invalid_client', code: 700024 });
  });

  test('gets an application token for .default only', async () => {
    const ask = (scope: string) => requestToken(tenant, { grant_type: 'client_credentials', scope });
    const { json } = await ask('https://management.azure.com/.default');
    expect(claimsOf(text(json, 'access_token'))).toMatchObject({
      aud: 'https://management.azure.com',
      idtyp: 'app',
    });
    expect(json).not.toHaveProperty('refresh_token');
    expectRefusal(await ask('User.Read'), { error: 'invalid_scope', code: 1002012 });
  });
});

describe('scopes', () => {
  test.each([
    ['two resources', 'User.Read https://management.azure.com/user_impersonation', 28000],
    ['.default with another permission', 'https://graph.microsoft.com/.default User.Read', 70011],
    ['an invalid character', 'User."Read', 70011],
    ['a resource without a permission', 'api://x/', 70011],
  ])('%s are refused and leave the code good', async (_name, scope, code) => {
    const issued = await getCode(tenant);
    expectRefusal(await redeem({ code: issued, scope }), { error: 'invalid_scope', code });
    expect((await redeem({ code: issued })).status).toBe(200);
  });

  test.each([
    ['User.Read Mail.Read', 'https://graph.microsoft.com', 'User.Read Mail.Read'],
    [
      'https://graph.microsoft.com/User.Read',
      'https://graph.microsoft.com',
      'https://graph.microsoft.com/User.Read',
    ],
    [
      '00000003-0000-0000-c000-000000000000/User.Read',
      '00000003-0000-0000-c000-000000000000',
      '00000003-0000-0000-c000-000000000000/User.Read',
    ],
    ['.default', 'https://graph.microsoft.com', 'User.Read .default'],
    ['api://x/.default', 'api://x', 'api://x/user_impersonation api://x/.default'],
    ['api://x/y/read', 'api://x/y', 'api://x/y/read'],
  ])('%s leads to audience %s and is echoed as asked', async (scope, audience, echoed) => {
    const json = await signIn(tenant, scope);
    expect(claimsOf(text(json, 'access_token')).aud).toBe(audience);
    expect(json.scope).toBe(echoed);
  });

  test('a sign-in without a resource gives a token for Graph', async () => {
    const json = await signIn(tenant, OIDC);
    expect(claimsOf(text(json, 'access_token'))).toMatchObject({
      aud: 'https://graph.microsoft.com',
      scp: 'openid profile',
    });
  });
});

describe('a refresh token', () => {
  test('gives the next one, and stays valid as Entra’s do', async () => {
    const first = text(await signIn(tenant), 'refresh_token');
    const { json } = await refresh(first);
    const second = text(json, 'refresh_token');
    expect(second).not.toBe(first);
    expect((await refresh(second)).status).toBe(200);
    expect((await refresh(first)).status).toBe(200);
    tenant.faults.refuseUsedRefreshTokens = true;
    expectRefusal(await refresh(first), { error: 'invalid_grant', code: 70008 });
  });

  test('is refused after ninety days', async () => {
    const token = text(await signIn(tenant), 'refresh_token');
    nowMs += 90 * DAY_MS;
    expectRefusal(await refresh(token), { error: 'invalid_grant', code: 700082 });
  });

  test('is refused after a revocation, for the named user only', async () => {
    const token = text(await signIn(tenant), 'refresh_token');
    tenant.revoke(tenant.users[1]!.username);
    expect((await refresh(token)).status).toBe(200);
    tenant.revoke(tenant.users[0]!.username);
    expectRefusal(await refresh(token), { error: 'invalid_grant', code: 50173 });
    const other = text(await signIn(tenant), 'refresh_token');
    tenant.revoke();
    expectRefusal(await refresh(other), { error: 'invalid_grant', code: 50173 });
  });

  test('is refused if it was never issued', async () => {
    expectRefusal(await refresh('made-up'), { error: 'invalid_grant', code: 9002313 });
  });
});

test('an error has every field of Entra’s, with the caller’s correlation id', async () => {
  const id = '11111111-2222-4333-8444-555555555555';
  const { json } = await requestToken(
    tenant,
    { grant_type: 'password' },
    { headers: { 'client-request-id': id } },
  );
  expect(json).toEqual({
    error: 'unsupported_grant_type',
    error_description: expect.stringMatching(
      /^AADSTS70003: .* Trace ID: [0-9a-f-]{36} Correlation ID: 1{8}-2222-4333-8444-5{12} Timestamp: 2026-11-22 08:00:00Z$/,
    ) as string,
    error_codes: [70003],
    timestamp: '2026-11-22 08:00:00Z',
    trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    correlation_id: id,
    error_uri: `${tenant.origin}/error?code=70003`,
  });
});

test('an expired token is not accepted, nor is one with a changed claim', async () => {
  const token = text(await signIn(tenant), 'access_token');
  const [head, , signature] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ ...claimsOf(token), oid: 'x' })).toString('base64url');
  await expect(tenant.verifyAccessToken(`${head}.${forged}.${signature}`)).rejects.toThrow('signature');
  nowMs += 60 * MINUTE_MS;
  await expect(tenant.verifyAccessToken(token)).rejects.toThrow('"exp"');
});

test('the log of requests contains no secrets, and the list of secrets contains all', async () => {
  const code = await getCode(tenant);
  const { json } = await redeem({ code });
  const secrets = tenant.issuedSecrets();
  expect(secrets).toEqual(
    expect.arrayContaining([code, json.access_token, json.refresh_token, json.id_token] as string[]),
  );
  const log = JSON.stringify(tenant.requests);
  expect(log).toContain('"grantType":"authorization_code"');
  expect([...secrets, tenant.client.clientSecret].filter((secret) => log.includes(secret))).toEqual([]);
  expect(tenant.requests.map(({ endpoint, status }) => `${endpoint} ${status}`)).toEqual([
    'authorize 200',
    'page 200',
    'page 302',
    'token 200',
  ]);
});

test('a claims challenge sent with a sign-in can be read in the log', async () => {
  await respond(tenant, authorizeUrl(tenant, { claims: '{"a":1}' }));
  expect(tenant.requests[0]?.parameters).toMatchObject({ claims: '{"a":1}', scope: `${OIDC} User.Read` });
});
