import { CryptoProvider, InteractionRequiredAuthError } from '@azure/msal-node';
import type { AuthenticationResult, ConfidentialClientApplication } from '@azure/msal-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { claimsOf, msalClient, respond } from '../client.ts';

let tenant: DemoTenant;
beforeEach(async () => {
  tenant = await startDemoTenant();
});
afterEach(() => tenant.close());

async function signInWithMsal(
  msal: ConfidentialClientApplication,
  scopes: string[],
  prompt?: string,
): Promise<AuthenticationResult> {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const redirectUri = tenant.client.redirectUris[0]!;
  const url = await msal.getAuthCodeUrl({
    scopes,
    redirectUri,
    state: 'the-state',
    nonce: 'the-nonce',
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    ...(prompt !== undefined && { prompt }),
  });
  const response = await respond(tenant, url);
  expect(response.get('state')).toBe('the-state');
  return msal.acquireTokenByCode({
    code: response.get('code') ?? '',
    scopes,
    redirectUri,
    codeVerifier: verifier,
    nonce: 'the-nonce',
  });
}

const tokenRequests = () => tenant.requests.filter(({ endpoint }) => endpoint === 'token').length;

test.each([
  ['the tenant GUID', () => tenant.tenantId],
  ['its domain', () => tenant.domain],
  ['common', () => 'common'],
  ['organizations', () => 'organizations'],
])('MSAL signs in, finds the token in its cache and renews it, with %s as tenant', async (_name, segment) => {
  const msal = msalClient(tenant, segment());
  const user = tenant.users[0]!;
  const first = await signInWithMsal(msal, ['User.Read']);
  expect(first.account).toMatchObject({
    homeAccountId: `${user.oid}.${tenant.tenantId}`,
    tenantId: tenant.tenantId,
    username: user.username,
    name: 'Demo User',
  });
  expect(await tenant.verifyAccessToken(first.accessToken)).toMatchObject({
    aud: 'https://graph.microsoft.com',
    scp: 'User.Read openid profile',
    oid: user.oid,
    ver: '2.0',
  });

  const account = first.account!;
  const cached = await msal.acquireTokenSilent({ account, scopes: ['User.Read'] });
  expect(cached.accessToken).toBe(first.accessToken);
  expect(tokenRequests()).toBe(1);

  const renewed = await msal.acquireTokenSilent({ account, scopes: ['User.Read'], forceRefresh: true });
  expect(renewed.accessToken).not.toBe(first.accessToken);
  const afterwards = await msal.acquireTokenSilent({ account, scopes: ['User.Read'] });
  expect(afterwards.accessToken).toBe(renewed.accessToken);
  expect(tokenRequests()).toBe(2);
});

test('MSAL refreshes with the newest refresh token, twice in a row', async () => {
  tenant.faults.refuseUsedRefreshTokens = true;
  const msal = msalClient(tenant);
  const { account } = await signInWithMsal(msal, ['User.Read']);
  const renewal = { account: account!, scopes: ['User.Read'], forceRefresh: true };
  await msal.acquireTokenSilent(renewal);
  await msal.acquireTokenSilent(renewal);
  expect(tenant.requests.filter(({ grantType }) => grantType === 'refresh_token')).toHaveLength(2);
});

test.each([
  ['https://management.azure.com/user_impersonation', 'https://management.azure.com', 'user_impersonation'],
  ['https://management.azure.com/.default', 'https://management.azure.com', 'user_impersonation'],
  ['https://management.azure.com//.default', 'https://management.azure.com/', 'user_impersonation'],
  ['api://billing/Invoices.Read', 'api://billing', 'Invoices.Read'],
  ['https://graph.microsoft.com/.default', 'https://graph.microsoft.com', 'User.Read openid profile'],
])('the same refresh token serves %s, and MSAL finds that token again', async (scope, audience, scp) => {
  const msal = msalClient(tenant);
  const { account } = await signInWithMsal(msal, ['User.Read']);
  const other = await msal.acquireTokenSilent({ account: account!, scopes: [scope] });
  expect(claimsOf(other.accessToken)).toMatchObject({ aud: audience, scp });
  const again = await msal.acquireTokenSilent({ account: account!, scopes: [scope] });
  expect(again.accessToken).toBe(other.accessToken);
  expect(tokenRequests()).toBe(2);
});

test('qualified Graph scopes are returned qualified, so that MSAL finds the token in its cache', async () => {
  const msal = msalClient(tenant);
  const scopes = ['https://graph.microsoft.com/User.Read'];
  const first = await signInWithMsal(msal, scopes);
  const again = await msal.acquireTokenSilent({ account: first.account!, scopes });
  expect(again.accessToken).toBe(first.accessToken);
  expect(tokenRequests()).toBe(1);
});

test('MSAL gets a token for the application itself', async () => {
  const result = await msalClient(tenant).acquireTokenByClientCredential({
    scopes: ['https://graph.microsoft.com/.default'],
  });
  const claims = await tenant.verifyAccessToken(result?.accessToken ?? '');
  expect(claims).toMatchObject({
    aud: 'https://graph.microsoft.com',
    idtyp: 'app',
    roles: ['Demo.Read.All'],
  });
  expect(claims).not.toHaveProperty('scp');
});

test('MSAL refuses a sign-in with a wrong nonce', async () => {
  tenant.faults.wrongNonce = true;
  await expect(signInWithMsal(msalClient(tenant), ['User.Read'])).rejects.toMatchObject({
    errorCode: 'nonce_mismatch',
  });
});

test('a conditional access challenge reaches MSAL with its claims', async () => {
  const msal = msalClient(tenant);
  const { account } = await signInWithMsal(msal, ['User.Read']);
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  tenant.faults.token = { kind: 'aadsts', code: 50076, error: 'interaction_required', claims };
  const renewal = msal.acquireTokenSilent({ account: account!, scopes: ['User.Read'], forceRefresh: true });
  const thrown: unknown = await renewal.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(InteractionRequiredAuthError);
  expect(thrown).toMatchObject({ claims, errorNo: 50076 });
});

test('after a revocation MSAL cannot refresh until the user has signed in again', async () => {
  const msal = msalClient(tenant);
  const { account } = await signInWithMsal(msal, ['User.Read']);
  const renew = () =>
    msal.acquireTokenSilent({ account: account!, scopes: ['User.Read'], forceRefresh: true });
  tenant.revoke(tenant.users[1]!.username);
  await renew();
  tenant.revoke(tenant.users[0]!.username);
  await expect(renew()).rejects.toMatchObject({ errorCode: 'invalid_grant', errorNo: 50173 });
  await signInWithMsal(msal, ['User.Read']);
  await renew();
});
