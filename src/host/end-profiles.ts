import { setTimeout as sleep } from 'node:timers/promises';
import type { Profiles } from '../agent/profiles.ts';

/** A refresh under way may bring a rotated refresh token, which must be stored; a hanging one must not delay the exit. */
const SETTLE_MS = 1_000;

/**
 * Ends the sessions of a host that exits. Refreshes under way are stored first, so that no rotated refresh token is
 * lost. Resolves within a second; never rejects. Stored data stays.
 */
export async function endProfiles(profiles: Pick<Profiles, 'list' | 'stop'>): Promise<void> {
  const settling = Promise.allSettled(profiles.list.map((agent) => agent.settle()));
  await Promise.race([settling, sleep(SETTLE_MS, undefined, { ref: false })]);
  profiles.stop();
}
