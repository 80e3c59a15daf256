import { showFound } from '../../config/rules/issue.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { say } from '../../words/say.ts';
import type { CheckOutcome } from './result.ts';
import { classify, readAadsts, sendProblem } from '../../agent/failures/failures.ts';
import { LIMITS } from '../../agent/network/network.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { SendError, type HttpResponse, type Send } from '../../agent/network/send.ts';

/** Tokens and assertions are commonly taken with five minutes of difference between the clocks. */
const CLOCK_TOLERANCE_MINUTES = 5;

const MINUTE_MS = 60_000;

/** The authority's description of itself (OpenID Connect Discovery 4), or why there is none. */
export type Discovery =
  | { readonly kind: 'unreached'; readonly problem: Problem }
  | {
      readonly kind: 'answered';
      readonly host: string;
      readonly response: HttpResponse;
      readonly ms: number;
      /** In the middle of the exchange; milliseconds since the epoch. */
      readonly at: number;
      /** undefined when the body is no JSON object. */
      readonly document: object | undefined;
    };

/** Where an authority describes itself; Entra's v2.0 endpoints have it a step further down. */
export function discoveryUrl({ authority, protocol }: Pick<Profile, 'authority' | 'protocol'>): string {
  const version = protocol === 'entra' && !authority.endsWith('/v2.0') ? '/v2.0' : '';
  return `${authority}${version}/.well-known/openid-configuration`;
}

/** One request that three checks live on. Never rejects. */
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

/** Whether the authority's host answers at all, over TLS that is trusted. */
export function networkOutcome(found: Discovery): CheckOutcome {
  if (found.kind === 'unreached') return { kind: 'trouble', problem: found.problem };
  const { host, ms, response } = found;
  const proxy = response.via;
  return {
    kind: 'ok',
    detail:
      proxy === undefined
        ? say('checkup.network.ok', { host, ms })
        : say('checkup.network.proxy', { host, proxy, ms }),
  };
}

/** Whether what answers is the authority of the settings. */
export function discoveryOutcome(profile: Profile, found: Discovery): CheckOutcome {
  if (found.kind === 'unreached') return { kind: 'skipped', detail: say('checkup.unreached') };
  const { host, response, document } = found;
  const refusal = refusalIn(response, profile);
  if (refusal !== undefined) return { kind: 'trouble', problem: refusal };
  const detail = document === undefined ? 'no JSON' : faultIn(document, profile);
  return detail === undefined
    ? {
        kind: 'ok',
        detail: say('checkup.discovery.ok', {
          issuer: showFound(textOf(document, 'issuer').replace('{tenantid}', 'TENANT')) ?? '',
        }),
      }
    : { kind: 'trouble', problem: problem('admin', 'discovery', { host, detail }) };
}

/** The status and Entra's number judge as they do for MSAL's own request of the same document. */
function refusalIn({ status, body }: HttpResponse, { redirectUri }: Profile): Problem | undefined {
  if (status === 200) return undefined;
  const aadsts = readAadsts(body);
  return classify({ errorCode: 'openid_config_error', aadsts, observation: { status } }, redirectUri);
}

const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'];

/** What is wrong with a description, in a few words; nothing of its content but names and hosts. */
function faultIn(document: object, profile: Profile): string | undefined {
  for (const name of ENDPOINTS) {
    const endpoint = textOf(document, name);
    if (!URL.canParse(endpoint)) return `no ${name}`;
    if (new URL(endpoint).protocol !== 'https:') return `${name} without https`;
  }
  return isOurs(textOf(document, 'issuer'), profile) ? undefined : 'another issuer';
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/**
 * An OpenID provider's issuer is its address (OpenID Connect Discovery 4.3). Entra's names the tenant by its id,
 * and a literal `{tenantid}` where it may be any: a domain cannot be compared with it.
 */
function isOurs(issuer: string, { authority, protocol }: Profile): boolean {
  if (!URL.canParse(issuer.replace('{tenantid}', 'any'))) return false;
  if (protocol === 'oidc') return issuer.replace(/\/$/u, '') === authority;
  const tenant = new URL(authority).pathname.split('/')[1] ?? '';
  return (
    issuer.startsWith('https://') &&
    (!GUID.test(tenant) || issuer.toLowerCase().includes(tenant.toLowerCase()))
  );
}

/** A text of the description, `''` where there is none. */
function textOf(document: object | undefined, name: string): string {
  const value: unknown = document === undefined ? undefined : Reflect.get(document, name);
  return typeof value === 'string' ? value : '';
}

/** Whether the authority's clock (RFC 9110 6.6.1, Date) and ours agree. */
export function clockOutcome(found: Discovery): CheckOutcome {
  if (found.kind === 'unreached') return { kind: 'skipped', detail: say('checkup.unreached') };
  const theirs = Date.parse(found.response.headers['date'] ?? '');
  if (Number.isNaN(theirs))
    return { kind: 'skipped', detail: say('checkup.clock.unknown', { host: found.host }) };
  // A Date header has whole seconds, cut off.
  const ahead = found.at - (theirs + 500);
  const minutes = Math.round(Math.abs(ahead) / MINUTE_MS);
  if (Math.abs(ahead) <= CLOCK_TOLERANCE_MINUTES * MINUTE_MS) {
    return { kind: 'ok', detail: say('checkup.clock.ok', { seconds: Math.round(Math.abs(ahead) / 1000) }) };
  }
  const code = ahead > 0 ? 'clock.ahead' : 'clock.behind';
  return { kind: 'trouble', problem: problem('admin', code, { minutes }) };
}
