import { isGuid } from '../../system/guid.ts';
import { classify, readAadsts, sendProblem } from '../../agent/failures/failures.ts';
import { LIMITS } from '../../agent/network/network.ts';
import { SendError, type HttpResponse, type Send } from '../../agent/network/send.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { showFound } from '../../config/rules/issue.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { ok, skipped, trouble, type CheckOutcome } from './result.ts';

/** Authorities commonly accept tokens and assertions whose clock differs by five minutes. */
const CLOCK_TOLERANCE_MINUTES = 5;

const MINUTE_MS = 60_000;

/** The authority's metadata (OpenID Connect Discovery 4), or why it could not be had. */
export type Discovery =
  | { readonly kind: 'unreached'; readonly problem: Problem }
  | {
      readonly kind: 'answered';
      readonly host: string;
      readonly response: HttpResponse;
      readonly ms: number;
      /** The middle of the exchange; milliseconds since the epoch. */
      readonly at: number;
      /** Undefined if the body is not a JSON object. */
      readonly document: object | undefined;
    };

/** The URL of an authority's metadata; for Entra's v2.0 endpoints it has one more path segment. */
export function discoveryUrl({ authority, protocol }: Pick<Profile, 'authority' | 'protocol'>): string {
  const version = protocol === 'entra' && !authority.endsWith('/v2.0') ? '/v2.0' : '';
  return `${authority}${version}/.well-known/openid-configuration`;
}

/** The request that several checks share. Never rejects. */
export async function askDiscovery(profile: Profile, send: Send, now: () => number): Promise<Discovery> {
  const url = discoveryUrl(profile);
  const { host } = new URL(url);
  const startedAt = now();
  try {
    const request = { method: 'GET' as const, url, headers: { accept: 'application/json' }, body: undefined };
    const response = await send(request, LIMITS);
    const ms = Math.max(0, now() - startedAt);
    return {
      kind: 'answered',
      host,
      response,
      ms,
      at: startedAt + ms / 2,
      document: readObject(response.body),
    };
  } catch (error) {
    const failure = error instanceof SendError ? error : new SendError('unreachable', 'unknown');
    return { kind: 'unreached', problem: sendProblem(failure, host) };
  }
}

function readObject(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether the authority's host answers over trusted TLS. */
export function networkOutcome(found: Discovery): CheckOutcome {
  if (found.kind === 'unreached') return trouble(found.problem);
  const { host, ms, response } = found;
  const proxy = response.via;
  return ok(
    proxy === undefined
      ? say('checkup.network.ok', { host, ms })
      : say('checkup.network.proxy', { host, proxy, ms }),
  );
}

/** Whether what answers is the configured authority. */
export function discoveryOutcome(profile: Profile, found: Discovery): CheckOutcome {
  if (found.kind === 'unreached') return skipped(say('checkup.unreached'));
  const { host, response, document } = found;
  const refusal = refusalIn(response, profile);
  if (refusal !== undefined) return trouble(refusal);
  const detail = document === undefined ? 'no JSON' : faultIn(document, profile);
  if (detail !== undefined) return trouble(problem('admin', 'discovery', { host, detail }));
  const issuer = textOf(document, 'issuer').replace('{tenantid}', 'TENANT');
  return ok(say('checkup.discovery.ok', { issuer: showFound(issuer) ?? '' }));
}

/** Classifies by status and Entra's number, as for MSAL's own request of the same document. */
function refusalIn({ status, body }: HttpResponse, { redirectUri }: Profile): Problem | undefined {
  if (status === 200) return undefined;
  const aadsts = readAadsts(body);
  return classify({ errorCode: 'openid_config_error', aadsts, observation: { status } }, redirectUri);
}

const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'];

/** The fault of a metadata document in a few words, which quote nothing of it but names and hosts. */
function faultIn(document: object, profile: Profile): string | undefined {
  for (const name of ENDPOINTS) {
    const endpoint = textOf(document, name);
    if (!URL.canParse(endpoint)) return `no ${name}`;
    if (new URL(endpoint).protocol !== 'https:') return `${name} without https`;
  }
  return isOurs(textOf(document, 'issuer'), profile) ? undefined : 'another issuer';
}

/**
 * Whether the issuer is the configured authority. An OpenID provider's issuer is its address (OpenID Connect
 * Discovery 4.3). Entra's contains the tenant's ID, or a literal `{tenantid}` if any tenant is meant; a tenant that is
 * configured by its domain cannot be compared.
 */
function isOurs(issuer: string, { authority, protocol }: Profile): boolean {
  if (!URL.canParse(issuer.replace('{tenantid}', 'any'))) return false;
  if (protocol === 'oidc') return issuer.replace(/\/$/u, '') === authority;
  const tenant = new URL(authority).pathname.split('/')[1] ?? '';
  return (
    issuer.startsWith('https://') && (!isGuid(tenant) || issuer.toLowerCase().includes(tenant.toLowerCase()))
  );
}

/** A text field of the metadata; `''` if it is missing. */
function textOf(document: object | undefined, name: string): string {
  const value: unknown = document === undefined ? undefined : Reflect.get(document, name);
  return typeof value === 'string' ? value : '';
}

/** Whether the authority's clock (the Date header, RFC 9110 6.6.1) agrees with ours. */
export function clockOutcome(found: Discovery): CheckOutcome {
  if (found.kind === 'unreached') return skipped(say('checkup.unreached'));
  const theirs = Date.parse(found.response.headers['date'] ?? '');
  if (Number.isNaN(theirs)) return skipped(say('checkup.clock.unknown', { host: found.host }));
  // A Date header has whole seconds, rounded down.
  const ahead = found.at - (theirs + 500);
  const difference = Math.abs(ahead);
  if (difference <= CLOCK_TOLERANCE_MINUTES * MINUTE_MS)
    return ok(say('checkup.clock.ok', { seconds: Math.round(difference / 1000) }));
  const code = ahead > 0 ? 'clock.ahead' : 'clock.behind';
  return trouble(problem('admin', code, { minutes: Math.round(difference / MINUTE_MS) }));
}
