import { loadClientSecret } from '../config/credential.ts';
import type { Profile } from '../config/profile.ts';
import type { Log } from '../vault/log.ts';
import type { Vault } from '../vault/vault.ts';
import { Agent } from './agent.ts';
import type { Connect } from './authority.ts';
import { ProfileCache } from './cache.ts';
import { openConversation } from './conversation.ts';
import type { Send } from './send.ts';
import { TokenNetwork } from './network.ts';
import { problem, ProblemError } from './problem.ts';

/** Node's own client, loaded with the first request; also what the tests' `send` stands in for. */
const sendLazily: Send = async (request, limits) =>
  (await import('./https-send.ts')).httpsSend()(request, limits);

/** MSAL is loaded with the first question to the authority, not at the start. */
const connectLazily: Connect = async (options) => (await import('./msal.ts')).connectMsal(options);

/** Puts an agent together from its parts: what the hosts do once for the profile. */
export function openAgent(options: {
  profile: Profile;
  vault: Vault;
  /** How requests are sent; Node's HTTPS client unless told. */
  send?: Send;
  now: () => number;
  log: Log;
}): Agent {
  const { profile, vault, send = sendLazily, now, log } = options;
  return new Agent({
    profile,
    vault,
    now,
    log,
    converse: (kind, listener) => {
      const network = new TokenNetwork({ send, now, log });
      const item = kind === 'stored' ? vault.item(`${profile.id}/msal-cache`) : undefined;
      const cache = new ProfileCache({ item, listener, now });
      return openConversation({
        cache,
        network,
        redirectUri: profile.redirectUri,
        connect: async () => {
          const stored = await loadClientSecret(vault, profile);
          if (stored.kind === 'none' && vault.unavailable !== undefined) {
            // It may well be in the keyring that could not be opened: importing it again would not help.
            throw new ProblemError(problem('storage', 'storage.unavailable', { detail: vault.unavailable }));
          }
          if (stored.kind !== 'secret') {
            const { clientId, authority } = profile;
            throw new ProblemError(problem('admin', 'no-secret', { clientId, authority }));
          }
          return connectLazily({ profile, clientSecret: stored.secret, cache, network });
        },
      });
    },
  });
}
