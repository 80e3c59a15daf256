import type { Environment } from '../../agent/network/proxy.ts';
import type { Send } from '../../agent/network/send.ts';
import { systemSend } from '../../agent/network/system-send.ts';
import type { Settings } from '../../config/profile/profile.ts';
import type { CheckUpLine } from '../../outlets/answer/host.ts';
import type { Log } from '../../system/log/log.ts';
import { electronSend, networkSession } from './electron-send.ts';
import { chooseNetwork, sayNetwork, withNetwork } from './network-choice.ts';

/**
 * Chromium's network process answers within milliseconds. Should it have crashed its answer never comes, and
 * the refresh after a sleep must not wait for that.
 */
const DISCONNECT_LIMIT_MS = 1_000;

/** The way to the authority for the life of this process. */
export interface Network {
  readonly send: Send;
  /** Ends the connections from before a sleep, on which a request would hang until its time is up. Never rejects. */
  disconnect(): Promise<void>;
  /** {@link sayNetwork} */
  readonly said: string;
  /** {@link withNetwork} */
  tell(lines: readonly CheckUpLine[]): readonly CheckUpLine[];
}

type Way = Pick<Network, 'send' | 'disconnect'>;

/** Only after `ready`. Says in the log which network it is. Electron's session is made with the first request. */
export function openNetwork(
  settings: Pick<Settings, 'network' | 'extraCaFile'>,
  env: Environment,
  log: Pick<Log, 'info' | 'warn'>,
): Network {
  const choice = chooseNetwork(settings, env, process.platform);
  const { network, unused } = choice;
  log.info('the network for token requests', { network, ...(unused.length === 0 ? {} : { unused }) });
  const ways: Readonly<Record<typeof network, () => Way>> = {
    system: () => ({
      send: (request, limits) => electronSend(networkSession())(request, limits),
      disconnect: () => disconnect(log),
    }),
    // Each request has a connection of its own there.
    node: () => ({
      send: systemSend({ extraCaFile: settings.extraCaFile, env }),
      disconnect: () => Promise.resolve(),
    }),
  };
  return { ...ways[network](), said: sayNetwork(choice), tell: (lines) => withNetwork(lines, choice) };
}

function disconnect(log: Pick<Log, 'warn'>): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, DISCONNECT_LIMIT_MS);
    networkSession()
      .closeAllConnections()
      .catch((error: unknown) => log.warn('connections from before the sleep did not end', { error }))
      .finally(() => {
        clearTimeout(limit);
        resolve();
      });
  });
}
