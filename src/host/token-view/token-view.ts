import type { Agent } from '../../agent/agent.ts';
import type { Send } from '../../agent/network/send.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { SignatureVerdict, TokenView } from '../../outlets/answer/token-view-body.ts';
import type { Log } from '../../system/log/log.ts';
import { claimViews, headerViews } from './claims.ts';
import type { JsonObject } from './jwt.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Microsoft Graph's application ID, and its address in the public cloud and the national clouds. */
const GRAPH =
  /^(?:00000003-0000-0000-c000-000000000000|https:\/\/(?:dod-)?graph\.microsoft\.(?:com|us|de)\/?|https:\/\/microsoftgraph\.chinacloudapi\.cn\/?)$/iu;

/** What a view is made from. None of it requests a token. */
type ViewedAgent = Pick<Agent, 'profile' | 'status' | 'held'>;

export interface TokenViews {
  /** Never rejects, and never refreshes. */
  view(agent: ViewedAgent): Promise<TokenView>;
}

/**
 * Decodes the token that an agent holds for its profile's own scopes, for the user to read. The token is sent nowhere:
 * only the authority's public keys are requested. The decoder is loaded with the first view.
 */
export function openTokenViews(parts: {
  readonly send: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}): TokenViews {
  let keys: SigningKeys | undefined;
  return {
    view: async ({ profile, status, held }) => {
      if (held === undefined || status.session.kind === 'signed-out') return { kind: 'none' };
      const { expiresOn } = held;
      const [{ readJwt }, { SigningKeys: Opened }] = await Promise.all([
        import('./jwt.ts'),
        import('./signing-keys.ts'),
      ]);
      keys ??= new Opened(parts);
      const token = held.value.reveal();
      const jwt = readJwt(token);
      if (jwt === undefined) return { kind: 'opaque', expiresOn };
      return {
        kind: 'jwt',
        expiresOn,
        header: headerViews(jwt.header),
        claims: claimViews(jwt.payload),
        signature: await verdictOf(token, jwt, profile, keys),
      };
    },
  };
}

/** Whether the authority of the profile signed the token; `unknown` if its key cannot be had. */
async function verdictOf(
  token: string,
  { header, payload }: { readonly header: JsonObject; readonly payload: JsonObject },
  profile: Profile,
  keys: SigningKeys,
): Promise<SignatureVerdict> {
  const { alg, kid } = header;
  // Microsoft Graph changes the nonce after signing, so that only Graph itself can verify the token.
  if ('nonce' in header || (typeof payload.aud === 'string' && GRAPH.test(payload.aud)))
    return 'not-verifiable';
  if (typeof alg !== 'string' || alg.toLowerCase() === 'none' || token.endsWith('.')) return 'wrong';
  if (alg !== 'RS256' || typeof kid !== 'string') return 'unknown';
  const key = await keys.find(profile, kid);
  if (key === undefined) return 'unknown';
  const { checkSignature } = await import('./jwt.ts');
  return checkSignature(token, key);
}
