// Tells the test harness that something it may be waiting for has changed. What exactly, it asks itself.
import type { ChangedPart } from '../../control/control-protocol.ts';

let listener: ((part: ChangedPart) => void) | undefined;

/** The control channel listens here. */
export function onAnnounce(next: (part: ChangedPart) => void): void {
  listener = next;
}

/** Says that a part of the state has changed. */
export function announce(part: ChangedPart): void {
  listener?.(part);
}
