import { proxyVariable, type Environment } from '../../agent/network/proxy.ts';
import type { Settings } from '../../config/profile/profile.ts';
import type { CheckUpLine } from '../../outlets/answer/host.ts';
import { say } from '../../words/say.ts';

/** The network that token requests use, and what is set but has no effect on it. */
export interface NetworkChoice {
  readonly network: Settings['network'];
  /** Names of settings and variables that only Node's HTTP client reads. */
  readonly unused: readonly string[];
}

/**
 * Decides by the setting alone. A file of extra certificates does not change it: it may be there for the terminal
 * host, and a company's certificate is usually in the system's store as well. On Linux Chromium reads the proxy
 * variables itself, except under GNOME and KDE, whose settings it uses
 * (https://chromium.googlesource.com/chromium/src/+/HEAD/docs/linux/proxy_config.md), so they are not reported as
 * unused there.
 */
export function chooseNetwork(
  { network, extraCaFile }: Pick<Settings, 'network' | 'extraCaFile'>,
  env: Environment,
  platform: NodeJS.Platform,
): NetworkChoice {
  if (network === 'node') return { network, unused: [] };
  const named = [
    extraCaFile === undefined ? undefined : 'extraCaFile',
    (env['NODE_EXTRA_CA_CERTS'] ?? '') === '' ? undefined : 'NODE_EXTRA_CA_CERTS',
    platform === 'linux' ? undefined : proxyVariable(env),
  ];
  return { network, unused: named.filter((name) => name !== undefined) };
}

/** Which network was used, and what has no effect on it. */
export function sayNetwork({ network, unused }: NetworkChoice): string {
  const asked = say(`network.${network}`);
  return unused.length === 0 ? asked : `${asked} ${say('network.unused', { names: unused.join(', ') })}`;
}

/** Adds {@link sayNetwork} to the network line of `tokentray doctor`. */
export function withNetwork(lines: readonly CheckUpLine[], choice: NetworkChoice): readonly CheckUpLine[] {
  const words = sayNetwork(choice);
  return lines.map((line) => {
    if (line.name !== 'network') return line;
    const { problem, detail } = line;
    if (problem !== undefined)
      return { ...line, problem: { ...problem, message: `${problem.message} ${words}` } };
    return detail === undefined ? line : { ...line, detail: `${detail} ${words}` };
  });
}
