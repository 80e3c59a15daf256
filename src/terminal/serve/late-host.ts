import { problem, ProblemError } from '../../words/problem.ts';
import type { HandOver, RegistrationPort, ServedProfiles, SocketHost } from '../../outlets/answer/host.ts';
import { VaultError } from '../../vault/store/vault.ts';
import type { Configured } from './configured.ts';
import type { Served } from './served.ts';

/**
 * The socket's host while the rest of it is still on its way: tokens are waited for, and what needs pages
 * or settings is refused as `starting` until those are being opened.
 */
export function lateHost(parts: {
  readonly source: Configured['source'];
  readonly profiles: Promise<ServedProfiles>;
  /** undefined until the stored tokens are served. */
  readonly served: () => Promise<Served> | undefined;
  /** The same, once it is open. */
  readonly opened: () => Served | undefined;
  readonly handOver: HandOver;
}): SocketHost {
  const served = (): Promise<Served> =>
    parts.served() ?? Promise.reject(new ProblemError(problem('transient', 'starting')));
  const registrations = async (): Promise<RegistrationPort> => (await served()).registrations();
  return {
    profiles: () => parts.profiles.catch(inWords),
    inviteToSignIn: async (agent) => {
      const opened = await parts.served();
      return opened?.invite(agent) ?? { kind: 'failed', problem: problem('transient', 'starting') };
    },
    registrations:
      parts.source === 'passing'
        ? undefined
        : {
            put: async (registration) => (await registrations()).put(registration),
            remove: async (id) => (await registrations()).remove(id),
            setDefault: async (id) => (await registrations()).setDefault(id),
            change: async (change) => (await registrations()).change(change),
            addTokenFile: async (file) => (await registrations()).addTokenFile(file),
            removeTokenFile: async (path) => (await registrations()).removeTokenFile(path),
            reload: async () => (await registrations()).reload(),
          },
    checkUp: async (agent) => (await served()).checkUp(agent),
    tokenFileTroubles: (profile) => parts.opened()?.tokenFileTroubles(profile) ?? [],
    outlets: () => parts.opened()?.outlets(),
    handOver: parts.handOver,
  };
}

/** Who waited for a vault that was then refused is told why, before the host ends. */
function inWords(error: unknown): never {
  if (!(error instanceof VaultError)) throw error;
  throw new ProblemError(problem('storage', 'storage.unusable', { detail: error.message }));
}
