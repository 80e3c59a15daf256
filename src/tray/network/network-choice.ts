import { proxyVariable, type Environment } from '../../agent/network/proxy.ts';
import type { Settings } from '../../config/profile/profile.ts';
import type { CheckUpLine } from '../../outlets/answer/host.ts';
import { say } from '../../words/say.ts';

/** Through what tokens are asked for, and what was set that has no effect there. */
export interface NetworkChoice {
  readonly network: Settings['network'];
  /** Names of settings and variables that only Node's client reads. */
  readonly unused: readonly string[];
}

/**
 * Decides by the setting alone. A file of extra certificates does not change it: it may be there for the terminal
 * host, and where there is such a company, its certificate is mostly in the system's store as well. On Linux
 * Chromium reads the environment's proxy itself, except under GNOME and KDE, whose settings it takes instead
 * (docs/linux/proxy_config.md), so that it is not called unused there.
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

/** Which network was asked, and what has no effect there. */
export function sayNetwork({ network, unused }: NetworkChoice): string {
  const asked = say(`network.${network}`);
  return unused.length === 0 ? asked : `${asked} ${say('network.unused', { names: unused.join(', ') })}`;
}

/** Lets what `tokentray doctor` says of the network tell {@link sayNetwork} too. */
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
