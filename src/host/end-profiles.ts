import { setTimeout as sleep } from 'node:timers/promises';
import type { Profiles } from '../agent/profiles.ts';

/**
 * A refresh that is under way at the end may bring a rotated refresh token, and is given this long to be
 * stored; one that hangs must not hold the end up.
 */
const SETTLE_MS = 1_000;

/**
 * Ends every session of a host that ends: what is under way is stored first, so that no rotated refresh
 * token is lost. Resolves within a second; rejects for nothing. What is stored stays stored.
 */
export async function endProfiles(profiles: Pick<Profiles, 'list' | 'stop'>): Promise<void> {
  const settling = Promise.allSettled(profiles.list.map((agent) => agent.settle()));
  await Promise.race([settling, sleep(SETTLE_MS, undefined, { ref: false })]);
  profiles.stop();
}
