import type { Credential } from '../../config/credential/credential.ts';
import type { proveCredential } from '../../agent/authority/msal.ts';
import type { Profile, Protocol } from '../../config/profile/profile.ts';
import { resourceOf } from '../../config/profile/scopes.ts';
import { say } from '../../words/say.ts';
import { clockOutcome, type Discovery } from './authority.ts';
import { methodTrouble } from './client-authentication.ts';
import { quietLog } from './quiet-log.ts';
import { ok, skipped, trouble, type CheckOutcome } from './result.ts';
import { classify, readFailure, type Failure } from '../../agent/failures/failures.ts';
import { sendProblem } from '../../agent/failures/send-problem.ts';
import { TokenNetwork } from '../../agent/network/network.ts';
import { problem, ProblemError } from '../../words/problem.ts';
import type { Send } from '../../agent/network/send.ts';

/**
 * Refusals that Entra sends after it has accepted the credential: no application permission or role (501051, 50105,
 * 65001), a policy for workload identities (53003, 530003), the form of the scope (1002012).
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const RECOGNISED: readonly number[] = [501051, 50105, 65001, 53003, 530003, 1002012];

/** Scopes and resources are checked after the client (RFC 6749 5.2, RFC 8707 2). */
const RECOGNISED_BY_PROVIDERS: readonly string[] = ['invalid_scope', 'invalid_target'];

/** Authorities for users of any tenant. An application's own token always belongs to one tenant. */
const MANY_TENANTS: readonly string[] = ['common', 'organizations', 'consumers'];

/**
 * Whether the authority accepts the credential: requests a token for the application itself and discards it. Sends
 * nothing if the authority's metadata was refused, or if it does not accept what would be sent.
 */
export async function credentialOutcome(options: {
  profile: Profile;
  credential: Credential;
  send: Send;
  now: () => number;
  discovery: Discovery;
  /** The outcome of the check of that metadata. */
  metadata: CheckOutcome;
}): Promise<CheckOutcome> {
  const { profile, credential, send, now, discovery, metadata } = options;
  if (discovery.kind === 'unreached') return skipped(say('checkup.unreached'));
  if (metadata.kind === 'trouble') return skipped(say('checkup.refused'));
  const differing = methodTrouble(profile, credential, discovery);
  if (differing !== undefined) return differing;
  const reason = reasonToSkip(profile, discovery.document);
  if (reason !== undefined) return skipped(reason);
  const network = new TokenNetwork({ send, now, log: quietLog });
  const accepted = ok(say(`checkup.credential.${credential.kind}`));
  try {
    const prove = await loadProof(profile.protocol);
    const given = await prove({ profile, credential, network, now }, scopesToAsk(profile));
    return given === 'token'
      ? accepted
      : trouble(problem('transient', 'unknown', { detail: 'no access_token' }));
  } catch (error) {
    if (error instanceof ProblemError) return trouble(error.problem);
    const failure = readFailure(error, network.takeObservation());
    const { failure: unreached, host = discovery.host } = failure.observation;
    if (unreached !== undefined) {
      const clock = clockOutcome(discovery);
      const known = clock.kind === 'trouble' ? clock.problem : clock.kind === 'ok' ? 'right' : undefined;
      return trouble(sendProblem(unreached, host, known, now()));
    }
    if (isRecognised(failure, profile)) return accepted;
    const { protocol, redirectUri } = profile;
    const reason = classify(failure, redirectUri, { protocol, credential: credential.kind });
    // Other refusals may be about the grant: Keycloak's of a client without service accounts is that of a wrong secret.
    const isAboutGrant =
      protocol === 'oidc' && failure.errorCode !== 'invalid_client' && reason.kind !== 'transient';
    return isAboutGrant ? skipped(say('checkup.credential.not-offered')) : trouble(reason);
  }
}

/** Loads the library of the protocol only. */
async function loadProof(protocol: Protocol): Promise<typeof proveCredential> {
  return protocol === 'oidc'
    ? (await import('../../agent/authority/oidc.ts')).proveOidcCredential
    : (await import('../../agent/authority/msal.ts')).proveCredential;
}

function reasonToSkip(profile: Profile, document: object | undefined): string | undefined {
  const { protocol, authority } = profile;
  if (protocol === 'entra') {
    const tenant = new URL(authority).pathname.split('/')[1] ?? '';
    return MANY_TENANTS.includes(tenant.toLowerCase()) ? say('checkup.credential.many-tenants') : undefined;
  }
  const grants: unknown = document === undefined ? undefined : Reflect.get(document, 'grant_types_supported');
  const offered = Array.isArray(grants) && grants.includes('client_credentials');
  return offered ? undefined : say('checkup.credential.not-offered');
}

/** `.default` of the profile's resource; for an OpenID provider its scopes as they are. */
function scopesToAsk({ protocol, scopes }: Profile): readonly string[] {
  const ofResource = scopes.filter((scope) => resourceOf(scope) !== undefined);
  if (protocol === 'oidc') return ofResource;
  const [first = 'User.Read'] = ofResource;
  const end = first.lastIndexOf('/');
  // Case and a trailing slash are part of the resource's name.
  return [`${end < 0 ? 'https://graph.microsoft.com' : first.slice(0, end)}/.default`];
}

function isRecognised({ aadsts, errorCode, observation }: Failure, { protocol }: Profile): boolean {
  if (protocol === 'entra') return RECOGNISED.includes(aadsts);
  // RFC 6749 5.2: "the authenticated client" may not use this grant. With 401, Keycloak means other things too.
  const isOtherGrant = errorCode === 'unauthorized_client' && observation.status !== 401;
  return RECOGNISED_BY_PROVIDERS.includes(errorCode) || isOtherGrant;
}
