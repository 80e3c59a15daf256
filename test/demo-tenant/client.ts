// The client's side of the protocol, for tests of the tenant: MSAL over node:https, and plain requests.
import { createHash, randomBytes } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { ConfidentialClientApplication } from '@azure/msal-node';
import type { INetworkModule, NetworkResponse } from '@azure/msal-node';
import type { DemoTenant } from '../../src/demo-tenant/server/tenant.ts';
import { signInAsUser } from '../../src/demo-tenant/play/user.ts';
import type { UserOutcome, UserScript } from '../../src/demo-tenant/play/user.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One HTTPS request that trusts the tenant's certificate. */
export function send(tenant: DemoTenant, url: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const request = httpsRequest(
      url,
      { method, headers, ca: tenant.certificatePem, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** MSAL's network client, which trusts the tenant's certificate. */
export function networkOf(tenant: DemoTenant): INetworkModule {
  const call = async <T>(url: string, options: RequestOptions): Promise<NetworkResponse<T>> => {
    const { status, headers, body } = await send(tenant, url, options);
    return { status, headers: headers as Record<string, string>, body: JSON.parse(body) as T };
  };
  return {
    sendGetRequestAsync: (url, options) => call(url, { ...options, method: 'GET' }),
    sendPostRequestAsync: (url, options) => call(url, { ...options, method: 'POST' }),
  };
}

/** MSAL's confidential client in its default (AAD) mode; `segment` is GUID, domain or `common`. */
export function msalClient(tenant: DemoTenant, segment = tenant.tenantId): ConfidentialClientApplication {
  const { clientId, clientSecret } = tenant.client;
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      clientSecret,
      authority: `${tenant.origin}/${segment}`,
      knownAuthorities: [new URL(tenant.origin).host],
    },
    system: { networkClient: networkOf(tenant) },
  });
}

export const OIDC = 'openid profile offline_access';

export interface Pkce {
  verifier: string;
  challenge: string;
}

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** An authorization URL of the registered client; parameters set to undefined are left out. */
export function authorizeUrl(
  tenant: DemoTenant,
  parameters: Record<string, string | undefined> = {},
  segment = tenant.tenantId,
): string {
  const all = {
    client_id: tenant.client.clientId,
    redirect_uri: tenant.client.redirectUris[0],
    response_type: 'code',
    scope: `${OIDC} User.Read`,
    state: 'the-state',
    ...parameters,
  };
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `${tenant.origin}/${segment}/oauth2/v2.0/authorize?${new URLSearchParams(given).toString()}`;
}

/** The scripted user, stopped before the application's redirect URI. */
export function walk(
  tenant: DemoTenant,
  url: string,
  script: Partial<UserScript> = {},
): Promise<UserOutcome> {
  const user = tenant.users[0]!;
  return signInAsUser(url, {
    username: user.username,
    password: user.password,
    ca: tenant.certificatePem,
    stopAt: (target) => target.startsWith('http://localhost:5000/'),
    ...script,
  });
}

/** The parameters of the authorization response at which the user was stopped. */
export async function respond(
  tenant: DemoTenant,
  url: string,
  script: Partial<UserScript> = {},
): Promise<URLSearchParams> {
  const outcome = await walk(tenant, url, script);
  if (outcome.kind !== 'stopped') throw new Error(`Ended on a page: ${outcome.status} ${outcome.body}`);
  return new URL(outcome.url).searchParams;
}

/** Signs the user in and returns the code. */
export async function getCode(
  tenant: DemoTenant,
  parameters: Record<string, string | undefined> = {},
): Promise<string> {
  const response = await respond(tenant, authorizeUrl(tenant, parameters));
  return response.get('code') ?? `no code: ${response.toString()}`;
}

/** A token request of the registered client; parameters set to undefined are left out. */
export async function requestToken(
  tenant: DemoTenant,
  parameters: Record<string, string | undefined>,
  options: { segment?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; json: Record<string, unknown> }> {
  const { clientId, clientSecret, redirectUris } = tenant.client;
  const all = {
    client_id: clientId,
    client_secret: clientSecret,
    // Required for a code; the other grants ignore it.
    redirect_uri: redirectUris[0],
    ...parameters,
  };
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const answer = await send(
    tenant,
    `${tenant.origin}/${options.segment ?? tenant.tenantId}/oauth2/v2.0/token`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...options.headers },
      body: new URLSearchParams(given).toString(),
    },
  );
  const { status, headers, body } = answer;
  return { status, headers, json: JSON.parse(body) as Record<string, unknown> };
}

/** Redeems a fresh code for the given scope. */
export async function signIn(
  tenant: DemoTenant,
  scope = `${OIDC} User.Read`,
): Promise<Record<string, unknown>> {
  const code = await getCode(tenant, { scope });
  const { json } = await requestToken(tenant, { grant_type: 'authorization_code', code, scope });
  return json;
}

/** A token response's string field. */
export function text(json: Record<string, unknown>, name: string): string {
  const value = json[name];
  if (typeof value !== 'string') throw new Error(`${name} is not a string in ${JSON.stringify(json)}`);
  return value;
}

/** The claims of a JWT, unverified. */
export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
