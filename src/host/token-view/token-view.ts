import { verify } from 'node:crypto';
import type { Agent } from '../../agent/agent.ts';
import type { Send } from '../../agent/network/send.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { SignatureVerdict, TokenView } from '../../outlets/answer/token-view-body.ts';
import type { Log } from '../../system/log/log.ts';
import { readJwt, type Jwt } from './jwt.ts';
import { SigningKeys } from './signing-keys.ts';
import { claimViews, headerViews } from './claims.ts';

/** Microsoft Graph's application id, and its address in the public cloud and the national ones. */
const GRAPH =
  /^(?:00000003-0000-0000-c000-000000000000|https:\/\/(?:dod-)?graph\.microsoft\.(?:com|us|de)\/?|https:\/\/microsoftgraph\.chinacloudapi\.cn\/?)$/iu;

/** What a view is made from; nothing of it asks for a token. */
type ViewedAgent = Pick<Agent, 'profile' | 'status' | 'held'>;

export interface TokenViews {
  /** Never rejects, and never refreshes. */
  view(agent: ViewedAgent): Promise<TokenView>;
}

/**
 * Takes the token apart that an agent holds for its profile's own scopes, for a person to read. The token is sent
 * nowhere: what is asked for are the authority's public keys.
 */
export function openTokenViews(parts: {
  readonly send: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}): TokenViews {
  const keys = new SigningKeys(parts);
  return {
    view: async ({ profile, status, held }) => {
      if (held === undefined || status.session.kind === 'signed-out') return { kind: 'none' };
      const { expiresOn } = held;
      const jwt = readJwt(held.value.reveal());
      if (jwt === undefined) return { kind: 'opaque', expiresOn };
      return {
        kind: 'jwt',
        expiresOn,
        header: headerViews(jwt.header),
        claims: claimViews(jwt.payload),
        signature: await verdictOf(jwt, profile, keys),
      };
    },
  };
}

/**
 * Whether the authority of the profile has signed what the token says (RFC 7515 section 5.2). RS256 (RFC 7518
 * section 3.3) is what Entra signs with; no token chooses another algorithm, or none. Where the key it
 * names cannot be had nobody can tell.
 */
async function verdictOf(jwt: Jwt, profile: Profile, keys: SigningKeys): Promise<SignatureVerdict> {
  const { header, payload, signed, signature } = jwt;
  const { alg, kid } = header;
  // It changes the nonce after signing, so that only Graph itself can check.
  if ('nonce' in header || (typeof payload.aud === 'string' && GRAPH.test(payload.aud)))
    return 'not-verifiable';
  if (typeof alg !== 'string' || alg.toLowerCase() === 'none' || signature.length === 0) return 'wrong';
  if (alg !== 'RS256' || typeof kid !== 'string') return 'unknown';
  const key = await keys.find(profile, kid);
  if (key === undefined) return 'unknown';
  return verify('RSA-SHA256', Buffer.from(signed, 'ascii'), key, signature) ? 'verified' : 'wrong';
}
