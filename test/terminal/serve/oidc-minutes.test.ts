// `tokentray serve` with OpenID providers that are strict, each in its way, and whose tokens live for a minute.
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CookieJar } from '../../../src/demo-tenant/play/cookie-jar.ts';
import { freePort } from '../../../src/demo-tenant/play/demo-home.ts';
import { signInAsUser } from '../../../src/demo-tenant/play/user.ts';
import { places, thisMachine } from '../../../src/system/places.ts';
import {
  startForeignAuthority,
  type ForeignAuthority,
  type ForeignOptions,
} from '../../agent/fixtures/oidc-world.ts';
import { rounds } from '../../house/fixtures/soak.ts';
import { Tokentray } from '../fixtures/command.ts';
import { environmentWithoutKeyring } from '../fixtures/stored-home.ts';

const SECONDS = rounds(5, 120);
/** Sign-in and start take seconds; on a busy machine many times that. */
const LIMIT_MS = SECONDS * 1000 + 120_000;

let directory: string;
let authority: ForeignAuthority;
beforeEach(() => {
  // The provider's remarks about development pages are not this suite's.
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  directory = mkdtempSync(path.join(tmpdir(), 'o-'));
});
afterEach(() => {
  authority.close();
  rmSync(directory, { recursive: true });
  vi.restoreAllMocks();
});

const at = (name: string): string => path.join(directory, name);

/** Makes a certificate, and returns the registration of its public key. */
function certified(): ForeignOptions {
  const files = ['-keyout', at('key.pem'), '-out', at('client.pem'), '-subj', '/CN=tokentray', '-days', '30'];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', ...files], { stdio: 'ignore' });
  const jwks = { keys: [createPublicKey(readFileSync(at('client.pem'))).export({ format: 'jwk' })] };
  return {
    idTokens: 'bare',
    methods: ['private_key_jwt'],
    client: { token_endpoint_auth_method: 'private_key_jwt', jwks },
  };
}

async function done(tokentray: Tokentray, ...args: string[]): Promise<void> {
  expect(await tokentray.run(...args)).toMatchObject({ code: 0 });
}

interface Served {
  readonly status: number;
  readonly body: string;
}

function askToken(socketPath: string): Promise<Served> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: '/v1/token' }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject).end();
  });
}

test.each<[string, () => ForeignOptions, readonly string[]]>([
  [
    'client_secret_basic only',
    () => ({
      idTokens: 'bare',
      methods: ['client_secret_basic'],
      client: { token_endpoint_auth_method: 'client_secret_basic' },
    }),
    [],
  ],
  ['private_key_jwt only', certified, ['certificate']],
  ['pushed authorization requests required', () => ({ idTokens: 'bare', par: 'required' }), []],
])(`${SECONDS} seconds with a token in each of them: %s`, { timeout: LIMIT_MS }, async (_what, of, more) => {
  const port = await freePort();
  const redirectUri = `http://localhost:${port}/getAToken`;
  authority = await startForeignAuthority({ ...of(), accessTokenSeconds: 60, redirectUri });
  writeFileSync(at('provider.pem'), authority.certificatePem);
  const settings = {
    CLIENT_ID: authority.clientId,
    AUTHORITY: authority.issuer,
    REDIRECT_URI: redirectUri,
    SCOPE: '["read"]',
    ...(more.length === 0 ? { CLIENT_SECRET: authority.clientSecret } : {}),
  };
  writeFileSync(
    at('old.env'),
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const env = {
    ...environmentWithoutKeyring(),
    TOKENTRAY_HOME: at('home'),
    NODE_EXTRA_CA_CERTS: at('provider.pem'),
    NODE_OPTIONS: '--unhandled-rejections=strict',
  };
  const tokentray = new Tokentray(env);
  await done(tokentray, 'storage', 'plain-file');
  const credential = more.length === 0 ? [] : ['--certificate', at('client.pem'), '--key', at('key.pem')];
  await done(tokentray, 'import', at('old.env'), '--protocol', 'oidc', ...credential);
  const serving = await tokentray.serve();
  const user = { username: '', password: '', ca: authority.certificatePem, cookies: new CookieJar() };
  const stopAt = (url: string): boolean => url.startsWith(authority.issuer);
  const toProvider = await signInAsUser(serving.ticketUrl ?? '', { ...user, stopAt });
  const back = await authority.signIn(toProvider.url);
  expect(await signInAsUser(back, user)).toMatchObject({ kind: 'page', status: 200 });

  const { socketPath } = places({ ...thisMachine(), env });
  const tokens = new Set<string>();
  const without: string[] = [];
  for (let second = 0; second < SECONDS; second += 1) {
    const { status, body } = await askToken(socketPath);
    const answer = JSON.parse(body) as { accessToken?: string; expiresOn?: string };
    const isValid = status === 200 && Date.parse(answer.expiresOn ?? '') > Date.now();
    if (!isValid) without.push(`second ${second}: ${status}`);
    tokens.add(answer.accessToken ?? '');
    await sleep(1000);
  }
  expect(without).toEqual([]);
  // Each lives for a minute at most.
  expect(tokens.size).toBeGreaterThanOrEqual(Math.ceil(SECONDS / 60));
  expect(await serving.end()).toMatchObject({ code: 0 });
  expect(serving.said()).not.toMatch(/stopped|unexpected|Error/u);
});
