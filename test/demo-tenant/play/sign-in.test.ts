import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CookieJar } from '../../../src/demo-tenant/play/cookie-jar.ts';
import { startDemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { authorizeUrl, claimsOf, getCode, requestToken, respond, send, text, walk } from '../client.ts';

let tenant: DemoTenant;
let cookies: CookieJar;
beforeEach(async () => {
  tenant = await startDemoTenant();
  cookies = new CookieJar();
});
afterEach(() => tenant.close());

/** The title of the first page that the user sees. */
async function firstPage(parameters: Record<string, string | undefined> = {}): Promise<string> {
  const url = authorizeUrl(tenant, parameters);
  const cookie = cookies.header(new URL(url));
  const answer = await send(tenant, url, { headers: cookie === undefined ? {} : { Cookie: cookie } });
  return (
    /<title>(.*) · Demo tenant<\/title>/.exec(answer.body)?.[1] ??
    `${answer.status} ${answer.headers.location}`
  );
}

const signInHere = (script = {}) => respond(tenant, authorizeUrl(tenant), { cookies, ...script });

async function usernameOf(response: URLSearchParams): Promise<unknown> {
  const { json } = await requestToken(tenant, {
    grant_type: 'authorization_code',
    code: response.get('code') ?? '',
  });
  return claimsOf(text(json, 'id_token')).preferred_username;
}

describe('single sign-on', () => {
  test('a known browser is signed in without a page', async () => {
    await signInHere();
    const seen = tenant.requests.length;
    const response = await signInHere({ password: 'not asked' });
    expect(response.get('code')).toBeTruthy();
    expect(tenant.requests.slice(seen).map(({ endpoint }) => endpoint)).toEqual(['authorize']);
  });

  test('another browser shows the sign-in page', async () => {
    await signInHere();
    cookies = new CookieJar();
    expect(await firstPage()).toBe('Sign in');
  });

  test('two known accounts lead to the picker, a login hint skips it', async () => {
    const [demo, robin] = tenant.users;
    await signInHere();
    await respond(tenant, authorizeUrl(tenant, { prompt: 'login' }), { cookies, username: robin!.username });
    expect(await firstPage()).toBe('Pick an account');
    expect(await usernameOf(await signInHere({ username: demo!.username }))).toBe(demo!.username);
    const hinted = await respond(tenant, authorizeUrl(tenant, { login_hint: robin!.username }), { cookies });
    expect(await usernameOf(hinted)).toBe(robin!.username);
  });

  test('the opaque login_hint of an ID token names the user, too', async () => {
    const { json } = await requestToken(tenant, {
      grant_type: 'authorization_code',
      code: await getCode(tenant),
    });
    const login_hint = String(claimsOf(text(json, 'id_token')).login_hint);
    const { body } = await send(tenant, authorizeUrl(tenant, { login_hint }));
    expect(body).toContain(`value="${tenant.users[0]!.username}"`);
  });

  test('ends with a sign-out or a revocation', async () => {
    await signInHere();
    const logout = `${tenant.authority}/oauth2/v2.0/logout`;
    const page = await walk(tenant, logout, { cookies });
    expect(page).toMatchObject({ kind: 'page', status: 200 });
    expect(await firstPage()).toBe('Sign in');
    await signInHere();
    tenant.revoke();
    expect(await firstPage()).toBe('Sign in');
  });

  test('sign-out returns to a registered address only', async () => {
    const logout = (target: string) =>
      send(
        tenant,
        `${tenant.authority}/oauth2/v2.0/logout?post_logout_redirect_uri=${encodeURIComponent(target)}&state=s`,
      );
    const registered = tenant.client.redirectUris[0]!;
    expect((await logout(registered)).headers.location).toBe(`${registered}?state=s`);
    expect((await logout('https://evil.example/')).headers.location).toBeUndefined();
  });

  test('the cookies are Secure, HttpOnly and SameSite=None', async () => {
    const { headers } = await send(tenant, authorizeUrl(tenant));
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/; Path=\/; Secure; HttpOnly; SameSite=None$/),
    ]);
  });
});

describe('prompt', () => {
  test.each([
    ['login', 'Sign in'],
    ['select_account', 'Pick an account'],
    ['consent', 'Permissions requested'],
  ])('%s shows its page to a known browser', async (prompt, title) => {
    await signInHere();
    expect(await firstPage({ prompt })).toBe(title);
    expect((await respond(tenant, authorizeUrl(tenant, { prompt }), { cookies })).get('code')).toBeTruthy();
  });

  test('select_account offers to use another account', async () => {
    await signInHere();
    const robin = tenant.users[1]!;
    const url = authorizeUrl(tenant, { prompt: 'select_account' });
    const response = await respond(tenant, url, { cookies, username: robin.username });
    expect(await usernameOf(response)).toBe(robin.username);
  });

  test('none never shows a page', async () => {
    const silent = (extra = {}) =>
      respond(tenant, authorizeUrl(tenant, { prompt: 'none', ...extra }), { cookies });
    expect((await silent()).get('error')).toBe('login_required');
    await signInHere();
    expect((await silent()).get('code')).toBeTruthy();
    const robin = tenant.users[1]!.username;
    expect((await silent({ login_hint: robin })).get('error')).toBe('login_required');
    await respond(tenant, authorizeUrl(tenant, { prompt: 'login' }), { cookies, username: robin });
    expect((await silent()).get('error')).toBe('interaction_required');
  });

  test('none without consent is refused', async () => {
    await respond(tenant, authorizeUrl(tenant), { cookies, consent: 'cancel' });
    const response = await respond(tenant, authorizeUrl(tenant, { prompt: 'none' }), { cookies });
    expect(response.get('error')).toBe('consent_required');
    expect(response.get('error_description')).toContain('AADSTS65001');
  });

  test('an unknown value is refused by a redirect to the application', async () => {
    const response = await respond(tenant, authorizeUrl(tenant, { prompt: 'create' }));
    expect(response.get('error_description')).toContain('AADSTS90023');
  });
});

describe('the user', () => {
  test.each([{ login: 'cancel' }, { consent: 'cancel' }] as const)(
    'who cancels (%o) goes back',
    async (script) => {
      const response = await respond(tenant, authorizeUrl(tenant), script);
      expect(Object.fromEntries(response)).toMatchObject({
        error: 'access_denied',
        error_subcode: 'cancel',
        error_description: expect.stringContaining('AADSTS65004') as string,
        state: 'the-state',
      });
      expect(response.has('code')).toBe(false);
    },
  );

  test('who enters a wrong password is asked again and not signed in', async () => {
    const outcome = await walk(tenant, authorizeUrl(tenant), { cookies, password: 'wrong' });
    expect(outcome).toMatchObject({ kind: 'page', body: expect.stringContaining('id="problem"') as string });
    expect(await firstPage()).toBe('Sign in');
  });

  test('consents once', async () => {
    await signInHere();
    cookies = new CookieJar();
    const seen = tenant.requests.length;
    await signInHere();
    expect(tenant.requests.slice(seen).map(({ path }) => path.split('/').pop())).toEqual([
      'authorize',
      'login',
    ]);
  });
});

describe('an authorization request', () => {
  test.each([
    ['an unknown client', { client_id: 'nobody' }, 700016],
    ['an unregistered redirect URI', { redirect_uri: 'https://evil.example/' }, 50011],
    [
      'a redirect URI that only begins like ours',
      { redirect_uri: 'http://localhost:5000/getAToken/x' },
      50011,
    ],
    ['no redirect URI', { redirect_uri: undefined }, 900144],
  ])('with %s ends on a page, never at the redirect URI', async (_name, parameters, code) => {
    const { status, headers, body } = await send(tenant, authorizeUrl(tenant, parameters));
    expect(status).toBe(400);
    expect(headers.location).toBeUndefined();
    expect(body).toContain(`id="error-code">AADSTS${code}<`);
    expect(body).not.toContain('<form');
  });

  test.each([
    ['response_type', { response_type: 'token' }, 'unsupported_response_type', 700054],
    ['scope', { scope: 'https://graph.microsoft.com/.default User.Read' }, 'invalid_scope', 70011],
    ['response_mode', { response_mode: 'pigeon' }, 'invalid_request', 90023],
    ['PKCE method', { code_challenge: 'x', code_challenge_method: 'plain' }, 'invalid_request', 90023],
    ['scope that is missing', { scope: undefined }, 'invalid_request', 900144],
  ])('with a wrong %s goes back with the error', async (_name, parameters, error, code) => {
    const response = await respond(tenant, authorizeUrl(tenant, parameters));
    expect(response.get('error')).toBe(error);
    expect(response.get('error_description')).toContain(`AADSTS${code}: `);
    expect(response.get('state')).toBe('the-state');
  });

  test('may be a POST', async () => {
    const url = new URL(authorizeUrl(tenant));
    const body = url.search.slice(1);
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await send(tenant, url.origin + url.pathname, { method: 'POST', headers, body });
    expect(answer.body).toContain('id="login"');
  });

  test('has its values escaped on the page', async () => {
    const login_hint = `"><script>alert('x')</script>`;
    const { body } = await send(tenant, authorizeUrl(tenant, { login_hint }));
    expect(body).not.toContain('<script>');
    expect(body).toContain('&#34;&#62;&#60;script&#62;');
  });
});

describe('the form of a sign-in', () => {
  async function openForm(): Promise<{ url: string; transaction: string; cookie: string }> {
    const { body, headers } = await send(tenant, authorizeUrl(tenant));
    return {
      url: `${tenant.authority}/login`,
      transaction: /name="transaction" value="([^"]+)"/.exec(body)?.[1] ?? '',
      cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '',
    };
  }
  const post = (url: string, transaction: string, cookie: string) =>
    send(tenant, url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Cookie: cookie },
      body: new URLSearchParams({
        transaction,
        username: tenant.users[0]!.username,
        password: 'demo',
        action: 'sign-in',
      }).toString(),
    });

  test('is accepted only from the browser that showed it', async () => {
    const [own, other] = [await openForm(), await openForm()];
    const refused = await post(own.url, own.transaction, other.cookie);
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('AADSTS165000');
    expect((await post(own.url, own.transaction, own.cookie)).body).toContain('id="consent"');
  });

  test('cannot be skipped to consent without a sign-in', async () => {
    const { transaction, cookie } = await openForm();
    const refused = await post(`${tenant.authority}/consent`, transaction, cookie);
    expect(refused.body).toContain('AADSTS165000');
  });
});

describe('the response', () => {
  test('is sent in the fragment if requested', async () => {
    const url = authorizeUrl(tenant, { response_mode: 'fragment' });
    const outcome = await walk(tenant, url);
    const { search, hash } = new URL(outcome.url);
    expect(search).toBe('');
    expect(new URLSearchParams(hash.slice(1)).get('code')).toBeTruthy();
  });

  test('is sent in a form if requested', async () => {
    const outcome = await walk(tenant, authorizeUrl(tenant, { response_mode: 'form_post' }));
    expect(outcome).toMatchObject({
      kind: 'stopped',
      url: tenant.client.redirectUris[0],
      form: { state: 'the-state', code: expect.any(String) as string },
    });
  });

  test('contains client_info if requested, and keeps the redirect URI’s own query', async () => {
    const redirect_uri = 'http://localhost:5000/getAToken?keep=1';
    tenant.client.redirectUris.push(redirect_uri);
    const response = await respond(tenant, authorizeUrl(tenant, { redirect_uri, client_info: '1' }));
    expect(response.get('keep')).toBe('1');
    expect(response.get('client_info')).toBeTruthy();
  });
});
