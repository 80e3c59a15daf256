import { TOTAL_TIMEOUT_MS } from '../agent/network/network.ts';
import type { Profiles } from '../agent/profiles.ts';
import { atMost } from '../system/limit.ts';

/** How long a request that was sent may take, and the save of its answer. */
const SETTLE_MS = TOTAL_TIMEOUT_MS + 5_000;

/** A host that ends for this long says why it is still running. */
const PATIENCE_MS = 1_000;

/** How long a host may take to end, in milliseconds; service managers must wait at least this long. */
export const END_LIMIT_MS = SETTLE_MS + 5_000;

/**
 * Ends the sessions of a host that exits. The answers of refreshes under way, of all profiles at once, are stored
 * first, because a rotated refresh token that is lost costs the session. Resolves within {@link END_LIMIT_MS}, and at
 * once if no request is under way; never rejects. Stored data stays.
 * @param onWait called if it takes longer than a second
 */
export async function endProfiles(
  profiles: Pick<Profiles, 'list' | 'stop'>,
  onWait: () => void = () => undefined,
): Promise<void> {
  const settling = Promise.allSettled(profiles.list.map((agent) => agent.settle()));
  const waits = setTimeout(onWait, PATIENCE_MS);
  await atMost(SETTLE_MS, settling);
  clearTimeout(waits);
  profiles.stop();
}
