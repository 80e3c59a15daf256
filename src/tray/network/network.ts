import type { Environment } from '../../agent/network/proxy.ts';
import type { Send } from '../../agent/network/send.ts';
import { systemSend } from '../../agent/network/system-send.ts';
import type { Settings } from '../../config/profile/profile.ts';
import type { Log } from '../../system/log/log.ts';
import { electronSend, networkSession } from './electron-send.ts';
import { chooseNetwork, type NetworkChoice } from './network-choice.ts';

/**
 * Chromium's network process answers within milliseconds. If it has crashed it never answers, and the refresh after
 * a sleep must not wait for that.
 */
const DISCONNECT_LIMIT_MS = 1_000;

/** The network for token requests, for the life of this process. */
export interface Network {
  readonly send: Send;
  /** Closes connections opened before the machine slept: a request on one would hang. Never rejects. */
  disconnect(): Promise<void>;
  readonly choice: NetworkChoice;
}

/** Call after `ready`. Logs which network is used. Electron's session is opened with the first request. */
export function openNetwork(
  settings: Pick<Settings, 'network' | 'extraCaFile'>,
  env: Environment,
  log: Pick<Log, 'info' | 'warn'>,
): Network {
  const choice = chooseNetwork(settings, env, process.platform);
  const { network, unused } = choice;
  log.info('the network for token requests', { network, ...(unused.length === 0 ? {} : { unused }) });
  if (network === 'system')
    return {
      choice,
      send: (request, limits) => electronSend(networkSession())(request, limits),
      disconnect: () => disconnect(log),
    };
  // Node opens a new connection for each request.
  const send = systemSend({ extraCaFile: settings.extraCaFile, env });
  return { choice, send, disconnect: () => Promise.resolve() };
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
