import { fileURLToPath } from 'node:url';
import { receivablePort } from '../../config/profile/redirect-uri.ts';
import type { Agent } from '../../agent/agent.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { loadAccessKey } from '../../outlets/loopback/access-key.ts';
import { listenOnLoopback, type LoopbackServer } from '../../outlets/loopback/loopback.ts';
import type { ServedProfiles, SignInInvitation } from '../../outlets/answer/host.ts';
import { answerToken } from '../../outlets/answer/token-answer.ts';
import type { Log } from '../../system/log/log.ts';
import { openWeb, type Web } from './web/web.ts';
import type { StatusSources } from './web/status.ts';

/** Next to the folder of the bundle. */
const DIRECTORY = fileURLToPath(new URL('../pages', import.meta.url));

/** The pages, on their ports. */
export interface ServedPages {
  /** An address with a one-time ticket; refused if the profile's redirect URI is not on this machine. */
  invite(agent: Pick<Agent, 'profile'>): SignInInvitation;
  /**
   * Opens the ports of these profiles in addition to the open ones, or none of them.
   * @throws ProblemError `port-in-use`, which names the holder, or `port-refused`
   */
  open(profiles: readonly Profile[]): Promise<void>;
  /** Closes the ports that none of these profiles needs. */
  keepOnly(profiles: readonly Profile[]): Promise<void>;
  close(): Promise<void>;
}

interface Listener {
  readonly web: Web;
  readonly server: LoopbackServer;
}

function noPages({ redirectUri }: Profile): Problem {
  return problem('admin', 'redirect-not-loopback', { redirectUri });
}

/**
 * Refuses a default profile to which users could not sign in at `tokentray serve`.
 * @throws ProblemError `redirect-not-loopback`
 */
export function requirePages(profile: Profile | undefined): void {
  if (profile !== undefined && receivablePort(profile.redirectUri) === undefined)
    throw new ProblemError(noPages(profile));
}

/**
 * Serves the pages of every profile on the port of its redirect URI, on both loopback addresses; one server for each
 * port.
 * @throws ProblemError `port-in-use`, `port-refused`, `socket-directory`
 */
export async function servePages(options: {
  readonly profiles: ServedProfiles;
  readonly places: Pick<Places, 'runtimeDirectory' | 'accessKeyFile'>;
  readonly sources: StatusSources;
  readonly log: Log;
}): Promise<ServedPages> {
  const { profiles, places, sources, log } = options;
  const accessKey = await loadAccessKey(places);
  const listeners = new Map<number, Listener>();

  async function listen(port: number): Promise<void> {
    const web = openWeb({
      profiles,
      port,
      accessKey,
      answerToken: (query) => answerToken(profiles, query),
      sources,
      directory: DIRECTORY,
      now: Date.now,
    });
    try {
      const onError = (error: unknown): void => log.error('page failed', { error });
      listeners.set(port, { web, server: await listenOnLoopback({ port, handler: web.handler, onError }) });
    } catch (error) {
      web.close();
      throw error;
    }
  }

  async function end(ports: readonly number[]): Promise<void> {
    const ending = ports.map(async (port) => {
      const listener = listeners.get(port);
      listeners.delete(port);
      listener?.web.close();
      await listener?.server.close();
    });
    await Promise.all(ending);
  }

  const pages: ServedPages = {
    invite: (agent) => {
      const listener = listeners.get(receivablePort(agent.profile.redirectUri) ?? NaN);
      return listener === undefined
        ? { kind: 'failed', problem: noPages(agent.profile) }
        : { kind: 'visit', url: listener.web.invite(agent) };
    },
    open: async (wanted) => {
      const missing = [...portsOf(wanted)].filter((port) => !listeners.has(port));
      try {
        for (const port of missing) await listen(port);
      } catch (error) {
        await end(missing);
        throw error;
      }
    },
    keepOnly: async (wanted) => {
      const needed = portsOf(wanted);
      await end([...listeners.keys()].filter((port) => !needed.has(port)));
    },
    close: () => end([...listeners.keys()]),
  };
  await pages.open(profiles.list.map(({ profile }) => profile));
  return pages;
}

/** The ports of the redirect URIs whose pages can be served here. */
function portsOf(profiles: readonly Profile[]): ReadonlySet<number> {
  return new Set(profiles.flatMap(({ redirectUri }) => receivablePort(redirectUri) ?? []));
}
