import { vi } from 'vitest';

/** Vitest's own second is too short for a busy machine; what never comes about costs this, once. */
const LIMIT_MS = 30_000;

/** Waits are over as soon as this after what they wait for. */
const LOOK_MS = 20;

/**
 * Looks again and again until it is so, and gives what the look gave.
 * @throws what the last look threw, when the limit is over
 */
export function until<Found>(look: () => Found | Promise<Found>): Promise<Found> {
  return vi.waitFor(look, { timeout: LIMIT_MS, interval: LOOK_MS });
}
