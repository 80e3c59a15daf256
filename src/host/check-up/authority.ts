import { classify, readAadsts } from '../../agent/failures/failures.ts';
import { sendProblem } from '../../agent/failures/send-problem.ts';
import { answerOf, LIMITS } from '../../agent/network/network.ts';
import { SendError, type HttpResponse, type Send } from '../../agent/network/send.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { showFound } from '../../config/rules/issue.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { issuerProblem } from './issuer.ts';
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

/**
 * The URL of an authority's metadata; for Entra's v2.0 endpoints, but not for AD FS, it has one more path segment
 * (msal-common, Authority.defaultOpenIdConfigurationEndpoint).
 */
export function discoveryUrl({ authority, protocol }: Pick<Profile, 'authority' | 'protocol'>): string {
  const hasNone =
    protocol === 'oidc' || authority.endsWith('/v2.0') || /^\/adfs\b/iu.test(new URL(authority).pathname);
  return `${authority}${hasNone ? '' : '/v2.0'}/.well-known/openid-configuration`;
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
    return { kind: 'unreached', problem: sendProblem(failure, host, undefined, now()) };
  }
}

function readObject(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
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

/** Whether what answers is the configured authority, and whether a sign-in there can be encrypted. */
export async function discoveryOutcome(
  profile: Profile,
  found: Discovery,
  now: () => number,
): Promise<CheckOutcome> {
  if (found.kind === 'unreached') return skipped(say('checkup.unreached'));
  const { host, response, document } = found;
  if (response.status !== 200 || document === undefined) return trouble(refusalIn(found, profile));
  const issuer = textOf(document, 'issuer');
  const fault =
    faultIn(document, host, profile) ?? (await issuerProblem(profile, { host, issuer, response }, now));
  if (fault !== undefined) return trouble(fault);
  return ok(say('checkup.discovery.ok', { issuer: showFound(issuer.replace('{tenantid}', 'TENANT')) ?? '' }));
}

/** Classifies by status, body and Entra's number, as for MSAL's own request of the same document. */
function refusalIn(
  { host, response: { status, body }, document = {} }: Extract<Discovery, { kind: 'answered' }>,
  { redirectUri }: Profile,
): Problem {
  const observation = { host, status, answer: answerOf('GET', status, document) };
  const failure = { errorCode: 'openid_config_error', aadsts: readAadsts(body), observation };
  return classify(failure, redirectUri);
}

const NEEDED = ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'];

/** For pushed authorization requests (RFC 9126 5). */
const PUSHED = 'pushed_authorization_request_endpoint';

/** The fault of a metadata document, apart from whose it is. Nothing of it is quoted but names and hosts. */
function faultIn(document: object, host: string, { protocol }: Profile): Problem | undefined {
  const mustPush: unknown = Reflect.get(document, 'require_pushed_authorization_requests');
  if (protocol === 'entra' && mustPush === true) return problem('admin', 'discovery.pushed', { host });
  const isPushed = textOf(document, PUSHED) !== '';
  for (const name of isPushed ? [...NEEDED, PUSHED] : NEEDED) {
    const address = textOf(document, name);
    if (!URL.canParse(address)) return problem('admin', 'discovery', { host, detail: `no ${name}` });
    if (name !== 'issuer' && new URL(address).protocol !== 'https:')
      return problem('admin', 'discovery.plain', { host, endpoint: name });
  }
  return undefined;
}

/** A text field of the metadata; `''` if it is missing. */
function textOf(document: object, name: string): string {
  const value: unknown = Reflect.get(document, name);
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
