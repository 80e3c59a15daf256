import { problem, ProblemError } from '../../words/problem.ts';
import type { HandOver, RegistrationPort, ServedProfiles, SocketHost } from '../../outlets/answer/host.ts';
import { storageUnusable } from '../configuration/vault.ts';
import type { Configured } from './configured.ts';
import type { Served } from './served.ts';

/**
 * The socket's host while the rest is still loading: requests for tokens wait, and what needs pages or settings is
 * refused as `starting` until those are being opened.
 */
export function lateHost(parts: {
  readonly source: Configured['source'];
  readonly profiles: Promise<ServedProfiles>;
  /** undefined until the stored tokens are served. */
  readonly served: () => Promise<Served> | undefined;
  /** Defined once it is open. */
  readonly opened: () => Served | undefined;
  readonly handOver: HandOver;
}): SocketHost {
  const served = (): Promise<Served> =>
    parts.served() ?? Promise.reject(new ProblemError(problem('transient', 'starting')));
  const registrations = async (): Promise<RegistrationPort> => (await served()).registrations();
  return {
    // Requests that waited for a vault that cannot be opened are told why, before the host ends.
    profiles: () => parts.profiles.catch(storageUnusable),
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
