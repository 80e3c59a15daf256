// A foreign authority: the real oidc-provider over HTTPS, with a certificate of this run.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { createRunCertificate } from '../../src/demo-tenant/certificate.ts';
import { CookieJar } from '../../src/demo-tenant/cookie-jar.ts';
import { findForms } from '../../src/demo-tenant/html-forms.ts';

export interface ForeignAuthority {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly certificatePem: string;
  /** `POST /token` and the like, oldest first. */
  readonly requests: string[];
  /** Ends every grant that was given, as an administrator would. */
  revoke(): Promise<void>;
  /** Goes through login and consent; the answer is the redirect that the application would get. */
  signIn(authorizeUrl: string, login?: string): Promise<string>;
  close(): void;
}

/** `bare`: ID tokens hold nothing but what they must, as a strict provider's do. */
export async function startForeignAuthority(options: {
  idTokens: 'full' | 'bare';
  grantTypes?: readonly string[];
}): Promise<ForeignAuthority> {
  const certificate = createRunCertificate(['localhost', '127.0.0.1']);
  const requests: string[] = [];
  let answer: RequestListener = () => undefined;
  const server = createServer(
    { key: certificate.privateKeyPem, cert: certificate.certificatePem },
    (request, response) => {
      requests.push(`${request.method ?? ''} ${(request.url ?? '').replace(/[?].*/u, '')}`);
      answer(request, response);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
  const grantTypes = options.grantTypes ?? ['authorization_code', 'refresh_token'];
  const clientId = 'tokentray-test';
  const clientSecret = 'a-secret-of-the-foreign-provider';
  const redirectUri = 'http://localhost:5000/getAToken';
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grants = new Set<string>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: grantTypes,
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['for this run'] },
    scopes: ['openid', 'offline_access', 'read', 'write'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: options.idTokens === 'bare',
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `Person ${id}`, preferred_username: `${id}@foreign.example` }),
    }),
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: grantTypes.includes('client_credentials') },
    },
    ttl: {
      AccessToken: 3600,
      IdToken: 3600,
      Grant: 90 * 86_400,
      RefreshToken: 90 * 86_400,
      Session: 86_400,
      Interaction: 3600,
    },
    rotateRefreshToken: true,
    pkce: { required: () => true },
  });
  provider.on('grant.success', (context) => {
    const { oidc } = context as { oidc: { entities: { Grant?: { jti: string } } } };
    if (oidc.entities.Grant !== undefined) grants.add(oidc.entities.Grant.jti);
  });
  answer = provider.callback();
  const ca = certificate.certificatePem;
  return {
    issuer,
    clientId,
    clientSecret,
    redirectUri,
    certificatePem: ca,
    requests,
    revoke: async () => {
      for (const id of grants) await (await provider.Grant.find(id))?.destroy();
    },
    signIn: (url, login = 'ada') => walk(url, { ca, login, redirectUri }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Page {
  readonly location: string | undefined;
  readonly body: string;
}

/** A browser without a screen: follows redirects, fills the provider's own development pages. */
async function walk(
  start: string,
  user: { ca: string; login: string; redirectUri: string },
): Promise<string> {
  const cookies = new CookieJar();
  let next: { url: string; form?: URLSearchParams } = { url: start };
  for (let step = 0; step < 20; step += 1) {
    const { url } = next;
    const page = await visit(url, next.form, cookies, user.ca);
    if (page.location !== undefined) {
      next = { url: new URL(page.location, url).href };
      if (next.url.startsWith(user.redirectUri)) return next.url;
      continue;
    }
    const form = findForms(page.body, url)[0];
    if (form === undefined) throw new Error(`no form at ${new URL(url).pathname}`);
    const fields = new URLSearchParams();
    for (const { name, value } of form.inputs) {
      fields.append(name, name === 'login' ? user.login : name === 'password' ? 'any' : value);
    }
    next = { url: form.action, form: fields };
  }
  throw new Error('the sign-in went in circles');
}

function visit(
  url: string,
  form: URLSearchParams | undefined,
  cookies: CookieJar,
  ca: string,
): Promise<Page> {
  return new Promise((resolve, reject) => {
    const cookie = cookies.header(new URL(url));
    const headers = {
      ...(cookie === undefined ? {} : { cookie }),
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const request = httpsRequest(url, {
      method: form === undefined ? 'GET' : 'POST',
      ca,
      headers,
      agent: false,
    });
    request.on('error', reject).on('response', (response) => {
      cookies.store(new URL(url), response.headers['set-cookie'] ?? []);
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ location: response.headers.location, body: Buffer.concat(chunks).toString() });
      });
    });
    request.end(form?.toString());
  });
}
