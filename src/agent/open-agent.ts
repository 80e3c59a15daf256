import { loadCredential, type Credential } from '../config/credential/credential.ts';
import type { Profile, Protocol } from '../config/profile/profile.ts';
import { logWith, type Log } from '../system/log/log.ts';
import type { Ownership } from '../system/ownership/ownership.ts';
import type { Vault } from '../vault/store/vault.ts';
import { Agent } from './agent.ts';
import type { Connect } from './authority/authority.ts';
import { ProfileCache } from './authority/cache.ts';
import { openConversation } from './authority/conversation.ts';
import type { Send } from './network/send.ts';
import { withCheckedGrants } from './authority/received.ts';
import { TokenNetwork } from './network/network.ts';
import { problem, ProblemError } from '../words/problem.ts';
import { storageProblem } from './failures/storage-problem.ts';
import { cacheItem } from './session/stored-session.ts';
import { loadSystemSend, systemSend } from './network/system-send.ts';

/** Loads the protocol's library with the first request to the authority, not at the start. */
async function loadConnect(protocol: Protocol): Promise<Connect> {
  return protocol === 'oidc'
    ? (await import('./authority/oidc.ts')).connectOidc
    : (await import('./authority/msal.ts')).connectMsal;
}

/** Makes the agent of a profile from its parts, for both hosts. */
export function openAgent(options: {
  profile: Profile;
  vault: Vault;
  /** How requests are sent; by default directly, with the certificates that Node trusts. */
  send?: Send;
  now: () => number;
  log: Log;
  /** See {@link AgentOptions.spreadMs}. */
  spreadMs?: number;
  /** Proves that this process still owns the sessions. */
  ownership?: Pick<Ownership, 'keep'>;
}): Agent {
  const { profile, vault, send = systemSend({ extraCaFile: undefined, env: {} }), now } = options;
  const log = logWith(options.log, { profile: profile.id });
  let credential: Credential['kind'] | undefined;
  return new Agent({
    profile,
    vault,
    now,
    log,
    spreadMs: options.spreadMs ?? 0,
    // A directory that cannot be checked is not another owner.
    isOwner: async () => (await options.ownership?.keep().catch(() => 'kept')) !== 'lost',
    prepare: () => Promise.all([loadConnect(profile.protocol), loadSystemSend()]),
    converse: (kind, listener) => {
      const network = new TokenNetwork({ send, now, log });
      const item = kind === 'stored' ? vault.item(cacheItem(profile)) : undefined;
      const cache = new ProfileCache({ item, listener, now });
      return openConversation({
        cache,
        network,
        redirectUri: profile.redirectUri,
        asker: () => ({ protocol: profile.protocol, credential }),
        connect: async () => {
          const stored = await loadCredential(vault, profile, now());
          if (stored.kind === 'none' && vault.unavailable !== undefined) {
            // It may be in the keyring that could not be opened: importing it again would not help.
            throw new ProblemError(storageProblem(vault.unavailable));
          }
          if (stored.kind !== 'credential') {
            const { clientId, authority } = profile;
            throw new ProblemError(problem('admin', 'no-secret', { clientId, authority }));
          }
          credential = stored.credential.kind;
          const connect = await loadConnect(profile.protocol);
          const authority = await connect({ profile, credential: stored.credential, cache, network, now });
          return withCheckedGrants(authority, now);
        },
      });
    },
  });
}
