import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import {
  authorizeUrl,
  claimsOf,
  getCode,
  requestToken,
  respond,
  send,
  signIn,
  text,
  walk,
} from '../client.ts';

let tenant: DemoTenant;
beforeEach(async () => {
  tenant = await startDemoTenant();
});
afterEach(() => tenant.close());

const askForApplication = () =>
  requestToken(tenant, { grant_type: 'client_credentials', scope: 'api://x/.default' });
const discover = () => send(tenant, `${tenant.authority}/v2.0/.well-known/openid-configuration`);

test('an AADSTS error is given as configured, and only as often as configured', async () => {
  const claims = '{"access_token":{}}';
  tenant.faults.token = {
    kind: 'aadsts',
    code: 70043,
    error: 'invalid_grant',
    suberror: 'token_expired',
    claims,
    times: 2,
  };
  for (const answer of [await askForApplication(), await askForApplication()]) {
    const { status, json } = answer;
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: 'invalid_grant',
      error_codes: [70043],
      suberror: 'token_expired',
      claims,
    });
  }
  expect((await askForApplication()).status).toBe(200);
  expect(tenant.faults.token).toBeUndefined();
});

test('a fault for one grant type does not affect the others', async () => {
  tenant.faults.token = { kind: 'aadsts', code: 50173, error: 'invalid_grant', grantType: 'refresh_token' };
  const refresh_token = text(await signIn(tenant), 'refresh_token');
  const { json } = await requestToken(tenant, { grant_type: 'refresh_token', refresh_token });
  expect(json.error_codes).toEqual([50173]);
});

test('an HTTP error has its status, Retry-After and body', async () => {
  tenant.faults.token = { kind: 'http', status: 503, retryAfter: 7, body: '{"busy":true}' };
  const { status, headers, json } = await askForApplication();
  expect({ status, retryAfter: headers['retry-after'], json }).toEqual({
    status: 503,
    retryAfter: '7',
    json: { busy: true },
  });
});

test('a dropped connection gives no answer', async () => {
  tenant.faults.token = { kind: 'drop', times: 1 };
  await expect(askForApplication()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(tenant.requests.at(-1)).toMatchObject({ endpoint: 'token', status: 0 });
  expect((await askForApplication()).status).toBe(200);
});

test('a hanging request stays open until the tenant closes, and closing does not wait for it', async () => {
  tenant.faults.token = { kind: 'hang', times: 1 };
  const hanging = askForApplication().catch((error: unknown) => error);
  // Answered, because the hanging request used up the fault.
  const isTaken = () => tenant.faults.token === undefined;
  while (!isTaken()) await discover();
  expect(tenant.requests.find(({ endpoint }) => endpoint === 'token')?.status).toBe(0);
  await tenant.close();
  expect(await hanging).toMatchObject({ code: 'ECONNRESET' });
});

test('a slow answer is the regular one', async () => {
  tenant.faults.token = { kind: 'slow', ms: 20 };
  const begun = performance.now();
  expect((await askForApplication()).status).toBe(200);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(19);
});

test('an oversize answer is larger than any client should read, and the client may disconnect', async () => {
  tenant.faults.token = { kind: 'oversize', times: 2 };
  const url = `${tenant.authority}/oauth2/v2.0/token`;
  const { body } = await send(tenant, url, { method: 'POST' });
  expect(body.length).toBeGreaterThan(16 * 1024 * 1024);

  const { request } = await import('node:https');
  await new Promise<void>((resolve) => {
    const leaving = request(url, { method: 'POST', ca: tenant.certificatePem, agent: false }, (response) => {
      response.once('data', () => {
        response.destroy();
        resolve();
      });
      response.on('error', () => resolve());
    });
    leaving.end();
  });
  expect((await askForApplication()).status).toBe(200);
});

test('discovery can fail, and recovers', async () => {
  tenant.faults.discovery = { kind: 'http', status: 502, times: 1 };
  expect((await discover()).status).toBe(502);
  tenant.faults.discovery = { kind: 'drop', times: 1 };
  await expect(discover()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await discover()).status).toBe(200);
});

test('the authorization endpoint can refuse at once', async () => {
  tenant.faults.authorizeError = { error: 'consent_required', code: 65001, times: 1 };
  const response = await respond(tenant, authorizeUrl(tenant));
  expect(response.get('error')).toBe('consent_required');
  expect(response.get('state')).toBe('the-state');
  expect((await respond(tenant, authorizeUrl(tenant))).has('code')).toBe(true);
});

test('state can be tampered with', async () => {
  tenant.faults.tamperState = 'x';
  expect((await respond(tenant, authorizeUrl(tenant))).get('state')).toBe('the-statex');
});

test('the lifetime of access tokens can be changed', async () => {
  tenant.faults.accessTokenSeconds = 5;
  const json = await signIn(tenant);
  const { iat, exp } = claimsOf(text(json, 'access_token'));
  expect(Number(exp) - Number(iat)).toBe(5);
  expect(json.expires_in).toBe(5);
});

test('a test can deliver the response in its own way', async () => {
  tenant.extraPages.set('/hop', (request, response) => {
    const to = new URL(request.url ?? '', tenant.origin).searchParams.get('to') ?? '';
    response.writeHead(307, { Location: to }).end();
  });
  tenant.faults.deliver = (redirectUrl, response, parameters) => {
    expect(new URL(redirectUrl).searchParams.get('code')).toBe(parameters.code);
    response.writeHead(303, { Location: `/hop?to=${encodeURIComponent(redirectUrl)}` }).end();
    return true;
  };
  expect(await getCode(tenant)).toMatch(/^1\.A/);
  expect(tenant.requests.at(-1)).toMatchObject({ path: '/hop', endpoint: 'other', status: 307 });
});

test('a delivery hook that does nothing leaves the redirect unchanged', async () => {
  let seen = '';
  tenant.faults.deliver = (redirectUrl) => {
    seen = redirectUrl;
    return undefined;
  };
  expect(await walk(tenant, authorizeUrl(tenant))).toMatchObject({ kind: 'stopped', url: seen });
});
