// What `tokentray doctor` says about authorities that nobody here wrote: a table of metadata, certificates, clocks,
// proxies and machines. Each row starts the built program, which reaches every host through a proxy of this test.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../src/demo-tenant/play/demo-home.ts';
import {
  createClientCertificate,
  createRunCertificate,
} from '../../../src/demo-tenant/server/certificate.ts';
import { startProxy, type TestProxy } from '../../agent/fixtures/proxy-server.ts';
import { Tokentray } from '../fixtures/command.ts';
import { fakeClock } from '../fixtures/fake-clock.ts';
import { environmentWithoutKeyring } from '../fixtures/stored-home.ts';

const TENANT = '11111111-aaaa-bbbb-cccc-222222222222';
const OTHER = '99999999-aaaa-bbbb-cccc-222222222222';

/** The profiles of the home: protocol, authority and the option of the credential. */
const PROFILES = {
  entra: { protocol: 'entra', authority: `https://login.contoso.test/${TENANT}` },
  ciam: { protocol: 'entra', authority: 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com' },
  adfs: { protocol: 'entra', authority: 'https://sts.contoso.test/adfs' },
  oidc: { protocol: 'oidc', authority: 'https://id.contoso.test/realm' },
  root: { protocol: 'oidc', authority: 'https://id.contoso.test' },
  signed: { protocol: 'oidc', authority: 'https://id.contoso.test/signed', certificate: true },
  unnamed: { protocol: 'entra', authority: `https://unnamed.contoso.test/${TENANT}` },
} as const;
type ProfileName = keyof typeof PROFILES;

const directory = mkdtempSync(path.join(tmpdir(), 'f-'));
let tokentray: (env?: NodeJS.ProcessEnv) => Tokentray;
let tunnel: TestProxy;
let close: () => void;
/** The metadata that the authority answers with, and the paths it was asked for. */
let metadata: object;
let asked: string[];

function answer({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
  asked.push(`${method} ${url}`);
  response.setHeader('content-type', 'application/json');
  if (url.endsWith('/.well-known/openid-configuration')) response.end(JSON.stringify(metadata));
  else response.end(JSON.stringify({ access_token: 'x', token_type: 'Bearer', expires_in: 60 }));
}

beforeAll(async () => {
  const hosts = Object.values(PROFILES).map(({ authority }) => new URL(authority).host);
  const names = hosts.filter((host) => !host.startsWith('unnamed'));
  const { certificatePem, privateKeyPem } = createRunCertificate(names);
  const server = createServer({ key: privateKeyPem, cert: certificatePem }, answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  tunnel = await startProxy({ kind: 'tunnel', port: (server.address() as AddressInfo).port });
  close = () => {
    tunnel.close();
    server.close();
    server.closeAllConnections();
  };
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(directory, name), text);
    return path.join(directory, name);
  };
  const env = {
    ...environmentWithoutKeyring(),
    TOKENTRAY_HOME: path.join(directory, 'home'),
    NODE_EXTRA_CA_CERTS: file('authority.pem', certificatePem),
    HTTPS_PROXY: tunnel.url,
    TZ: 'UTC',
  };
  tokentray = (more = {}) => new Tokentray({ ...env, ...more });
  const client = createClientCertificate('tokentray');
  const certificate = file('client.pem', client.certificatePem + client.privateKeyPem);
  const run = async (...args: string[]): Promise<void> => {
    const { code, err } = await tokentray().run(...args);
    expect(code, `${args.join(' ')}: ${err}`).toBe(0);
  };
  await run('storage', 'plain-file');
  for (const [id, { protocol, authority, ...more }] of Object.entries(PROFILES)) {
    const isSigned = 'certificate' in more;
    const lines = [
      'EMAIL_CLIENT_ID=11111111-2222-3333-4444-555555555555',
      ...(isSigned ? [] : ['EMAIL_CLIENT_SECRET=a-secret-of-the-registration']),
      `EMAIL_AUTHORITY=${authority}`,
      'EMAIL_REDIRECT_URI=https://localhost/back',
      `EMAIL_SCOPE=["${protocol === 'oidc' ? 'read' : 'User.Read'}"]`,
      '',
    ];
    const options = ['--profile', id, '--protocol', protocol];
    if (isSigned) options.push('--certificate', certificate);
    await run('import', file(`${id}.env`, lines.join('\n')), ...options);
  }
});
afterAll(() => close());

interface Check {
  readonly name: string;
  readonly kind: string;
  readonly detail?: string;
  readonly problem?: { readonly code: string; readonly message: string; readonly next: string };
}

/** Everything that is not ok about a profile, by the name of the check. */
async function diagnose(
  id: ProfileName,
  env?: NodeJS.ProcessEnv,
): Promise<{ code: number | null; checks: readonly Check[]; troubles: readonly Check[] }> {
  asked = [];
  const { code, out } = await tokentray(env).run('doctor', '--json', '--profile', id);
  const { checks } = JSON.parse(out) as { checks: Check[] };
  return { code, checks, troubles: checks.filter(({ kind }) => kind === 'trouble') };
}

/** The metadata of a profile's authority that is in order. */
function rightMetadata(id: ProfileName): Record<string, unknown> {
  const { authority, protocol } = PROFILES[id];
  return {
    issuer: protocol === 'oidc' ? authority : `${authority}/v2.0`,
    authorization_endpoint: `${authority}/authorize`,
    token_endpoint: `${authority}/token`,
    jwks_uri: `${authority}/keys`,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
  };
}

/** What a row expects: nothing wrong, or one failed check with its sentence and a part of its next step. */
type Verdict =
  | 'ok'
  | { readonly check: string; readonly code: number; readonly says: string | RegExp; readonly next: RegExp };

function expectVerdict(verdict: Verdict, found: Awaited<ReturnType<typeof diagnose>>): void {
  if (verdict === 'ok') {
    expect(found.troubles).toEqual([]);
    expect(found.code).toBe(0);
    return;
  }
  expect(found.troubles.map(({ name }) => name)).toEqual([verdict.check]);
  const [{ problem } = {}] = found.troubles;
  if (typeof verdict.says === 'string') expect(problem?.message).toBe(verdict.says);
  else expect(problem?.message).toMatch(verdict.says);
  expect(problem?.next).toMatch(verdict.next);
  expect(found.code).toBe(verdict.code);
}

const issuer = (host: string, named: string): Verdict => ({
  check: 'discovery',
  code: 12,
  says: `The metadata of ${host} belongs to another authority: ${named}.`,
  next: /^Compare AUTHORITY with the registration\..*exactly the issuer/u,
});
const plain = (host: string, endpoint: string): Verdict => ({
  check: 'discovery',
  code: 12,
  says: `The metadata of ${host} contains an address without encryption (${endpoint}).`,
  next: /https address.*Do not sign in/u,
});
const method = (host: string, accepted: string, needed: string): Verdict => ({
  check: 'credential',
  code: 12,
  says: `${host} accepts only ${accepted} for client authentication; this credential needs ${needed}.`,
  next: /^Ask the provider’s administrator to allow .*tokentray import FILE/u,
});

describe('metadata', () => {
  test.each<[what: string, ProfileName, change: object, Verdict]>([
    // The issuer, as MSAL judges it (msal-common, Authority.validateIssuer).
    ['Entra’s own', 'entra', {}, 'ok'],
    [
      'of a foreign host',
      'entra',
      { issuer: `https://evil.test/${TENANT}/v2.0` },
      issuer('login.contoso.test', `https://evil.test/${TENANT}/v2.0`),
    ],
    ['of a known Microsoft host', 'entra', { issuer: `https://sts.windows.net/${TENANT}/` }, 'ok'],
    [
      'of a region of a known Microsoft host',
      'entra',
      { issuer: `https://westus.login.microsoftonline.com/${TENANT}/v2.0` },
      'ok',
    ],
    [
      'of the same host without TLS',
      'entra',
      { issuer: `http://login.contoso.test/${TENANT}/v2.0` },
      issuer('login.contoso.test', `http://login.contoso.test/${TENANT}/v2.0`),
    ],
    [
      'of another tenant',
      'entra',
      { issuer: `https://login.contoso.test/${OTHER}/v2.0` },
      issuer('login.contoso.test', `https://login.contoso.test/${OTHER}/v2.0`),
    ],
    [
      'of Entra External ID, under the tenant’s ID',
      'ciam',
      { issuer: `https://${TENANT}.ciamlogin.com/${TENANT}/v2.0` },
      'ok',
    ],
    [
      'of Entra External ID, under a foreign host',
      'ciam',
      { issuer: `https://${TENANT}.ciamlogin.com.evil.test` },
      issuer('contoso.ciamlogin.com', `https://${TENANT}.ciamlogin.com.evil.test`),
    ],
    ['of AD FS', 'adfs', { issuer: 'https://sts.contoso.test/adfs' }, 'ok'],
    // OpenID Connect Discovery 4.3.
    ['of an OpenID provider', 'oidc', {}, 'ok'],
    ['of an OpenID provider without a path', 'root', { issuer: 'https://id.contoso.test/' }, 'ok'],
    [
      'of an OpenID provider’s other realm',
      'oidc',
      { issuer: 'https://id.contoso.test/another' },
      issuer('id.contoso.test', 'https://id.contoso.test/another'),
    ],
    ['of an OpenID provider, with a slash more', 'oidc', { issuer: 'https://id.contoso.test/realm/' }, 'ok'],

    // Endpoints.
    [
      'with a token endpoint without TLS',
      'entra',
      { token_endpoint: 'http://login.contoso.test/token' },
      plain('login.contoso.test', 'token_endpoint'),
    ],
    [
      'with an authorization endpoint without TLS',
      'oidc',
      { authorization_endpoint: 'http://id.contoso.test/authorize' },
      plain('id.contoso.test', 'authorization_endpoint'),
    ],
    [
      'with an endpoint for pushed requests without TLS',
      'oidc',
      { pushed_authorization_request_endpoint: 'http://id.contoso.test/par' },
      plain('id.contoso.test', 'pushed_authorization_request_endpoint'),
    ],

    // Pushed authorization requests (RFC 9126 5).
    [
      'that requires pushed requests, for Entra’s protocol',
      'entra',
      {
        require_pushed_authorization_requests: true,
        pushed_authorization_request_endpoint: 'https://login.contoso.test/par',
      },
      {
        check: 'discovery',
        code: 12,
        says: 'login.contoso.test requires pushed authorization requests, which Tokentray sends to OpenID providers only.',
        next: /--protocol oidc/u,
      },
    ],
    [
      'that requires pushed requests',
      'oidc',
      {
        require_pushed_authorization_requests: true,
        pushed_authorization_request_endpoint: 'https://id.contoso.test/par',
      },
      'ok',
    ],

    // Client authentication.
    [
      'without client_secret_post, for Entra’s protocol',
      'entra',
      { token_endpoint_auth_methods_supported: ['client_secret_basic'] },
      method('login.contoso.test', 'client_secret_basic', 'client_secret_post'),
    ],
    [
      'without any method for a secret',
      'oidc',
      { token_endpoint_auth_methods_supported: ['private_key_jwt', 'tls_client_auth'] },
      method(
        'id.contoso.test',
        'private_key_jwt, tls_client_auth',
        'client_secret_post, client_secret_basic, client_secret_jwt',
      ),
    ],
    [
      'without private_key_jwt, for a certificate',
      'signed',
      { token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'] },
      method('id.contoso.test', 'client_secret_basic, client_secret_post', 'private_key_jwt'),
    ],
    [
      'with private_key_jwt, but no algorithm for the certificate’s key',
      'signed',
      { token_endpoint_auth_signing_alg_values_supported: ['ES256', 'EdDSA'] },
      method('id.contoso.test', 'private_key_jwt (ES256, EdDSA)', 'private_key_jwt (RS256, PS256)'),
    ],
    [
      'with private_key_jwt and an algorithm for the certificate’s key',
      'signed',
      { token_endpoint_auth_signing_alg_values_supported: ['ES256', 'PS256'] },
      'ok',
    ],
    [
      'with client_secret_basic only',
      'oidc',
      { token_endpoint_auth_methods_supported: ['client_secret_basic'] },
      'ok',
    ],
    ['that names no methods', 'entra', { token_endpoint_auth_methods_supported: undefined }, 'ok'],
  ])('%s', async (_what, id, change, verdict) => {
    metadata = { ...rightMetadata(id), ...change };
    const found = await diagnose(id);
    expectVerdict(verdict, found);
    // Nothing is sent to the token endpoint of an authority that is refused.
    const posts = asked.filter((request) => request.startsWith('POST'));
    expect(posts).toHaveLength(verdict === 'ok' ? 1 : 0);
  });
});

describe('a certificate', () => {
  const dated = (year: number, detail: string): Verdict => ({
    check: 'network',
    code: 11,
    says: new RegExp(
      `^According to this machine’s clock \\(.*${year}.* 12:00\\), the certificate of login\\.contoso\\.test has expired or is not valid yet \\(${detail}\\)\\.$`,
      'u',
    ),
    next: /^If that time is wrong, turn on automatic time.*If it is right,.*renew/u,
  });

  test.each<[number, string]>([
    [2023, 'CERT_NOT_YET_VALID'],
    [2051, 'CERT_HAS_EXPIRED'],
  ])('seen in %i is not valid (%s), and the clock is named', async (year, detail) => {
    metadata = rightMetadata('entra');
    const { env } = fakeClock(directory, Date.UTC(year, 5, 1, 12, 0, 10));
    const found = await diagnose('entra', env);
    expectVerdict(dated(year, detail), found);
    expect(JSON.stringify(found.troubles)).not.toContain('--ca-file');
  });

  test('for another name', async () => {
    const found = await diagnose('unnamed');
    expectVerdict(
      {
        check: 'network',
        code: 11,
        says: 'The certificate that unnamed.contoso.test presented is for another name.',
        next: /^Check the host in AUTHORITY\. In a hotel/u,
      },
      found,
    );
    expect(JSON.stringify(found.troubles)).not.toContain('--ca-file');
  });

  test('that nobody trusts still gets the advice to install one', async () => {
    const { troubles } = await diagnose('entra', { NODE_EXTRA_CA_CERTS: '' });
    expect(troubles[0]?.problem).toMatchObject({
      code: 'untrusted',
      next: expect.stringContaining('--ca-file') as string,
    });
  });
});

describe('a proxy that requires authentication', () => {
  const unsupported = (schemes: string): RegExp =>
    new RegExp(
      `^The proxy 127\\.0\\.0\\.1:\\d+ accepts only ${schemes}; Tokentray supports only Basic authentication\\.$`,
      'u',
    );

  test.each<[header: string | undefined, code: string, says: RegExp, next: RegExp]>([
    ['Proxy-Authenticate: NTLM', 'proxy.scheme', unsupported('NTLM'), /Px or Cntlm.*HTTPS_PROXY/u],
    ['Proxy-Authenticate: Negotiate', 'proxy.scheme', unsupported('Negotiate'), /Px or Cntlm/u],
    [
      'Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM',
      'proxy.scheme',
      unsupported('Negotiate, NTLM'),
      /Px or Cntlm/u,
    ],
    [
      'Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm="corp"',
      'proxy.auth',
      /requires a user name and a password/u,
      /USER:PASSWORD@HOST:PORT/u,
    ],
    ['Proxy-Authenticate: Basic realm="NTLM"', 'proxy.auth', /requires a user name/u, /USER:PASSWORD/u],
    [undefined, 'proxy.auth', /requires a user name/u, /USER:PASSWORD/u],
  ])('by %j: %s', async (header, code, says, next) => {
    const proxy = await startProxy({ kind: 'answer', status: 407, header });
    const found = await diagnose('entra', { HTTPS_PROXY: proxy.url });
    proxy.close();
    expect(found.troubles.map(({ name, problem }) => [name, problem?.code])).toEqual([['network', code]]);
    expect(found.troubles[0]?.problem?.message).toMatch(says);
    expect(found.troubles[0]?.problem?.next).toMatch(next);
    expect(found.code).toBe(12);
  });
});

describe('a machine', () => {
  /** Starts Node as on a machine that does not have an address. */
  function without(address: string): NodeJS.ProcessEnv {
    const file = path.join(directory, `without-${address.replaceAll(/\W/gu, '-')}.cjs`);
    writeFileSync(
      file,
      `const { Server } = require('node:net');
       const { listen } = Server.prototype;
       Server.prototype.listen = function (options, ...more) {
         if (options?.host !== ${JSON.stringify(address)}) return listen.call(this, options, ...more);
         process.nextTick(() => this.emit('error', Object.assign(new Error('no'), { code: 'EADDRNOTAVAIL' })));
         return this;
       };`,
    );
    return { NODE_OPTIONS: `--require ${file}` };
  }

  const noIpv6: Verdict = {
    check: 'redirect-port',
    code: 12,
    says: /^This machine has no IPv6 loopback address \(::1\), so it cannot receive the response of a sign-in at http:\/\/\[::1\]:\d+\/back\.$/u,
    next: /^Enable IPv6 on the loopback interface, or register a redirect URI with localhost or 127\.0\.0\.1 and import it: tokentray import FILE$/u,
  };
  const noIpv4: Verdict = {
    check: 'redirect-port',
    code: 12,
    says: 'This machine has no IPv4 loopback address (127.0.0.1), so it cannot receive the response of a sign-in.',
    next: /^Enable IPv4 on the loopback interface/u,
  };

  test.each<[missing: string, host: string, Verdict]>([
    ['::1', '[::1]', noIpv6],
    ['::1', 'localhost', 'ok'],
    ['::1', '127.0.0.1', 'ok'],
    ['127.0.0.1', 'localhost', noIpv4],
    ['127.0.0.1', '127.0.0.1', noIpv4],
    ['127.0.0.1', '[::1]', noIpv4],
    ['192.0.2.1', '[::1]', 'ok'],
  ])('without %s and a redirect URI at %s', async (missing, host, verdict) => {
    metadata = rightMetadata('entra');
    const settings = path.join(directory, 'home', 'config', 'settings.json');
    const stored = readFileSync(settings, 'utf8');
    const port = await freePort();
    writeFileSync(settings, stored.replaceAll('https://localhost/back', `http://${host}:${port}/back`));
    const found = await diagnose('entra', without(missing));
    writeFileSync(settings, stored);
    expectVerdict(verdict, found);
  });
});
