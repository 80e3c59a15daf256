import type { HistoryEntry, HistoryGap, HistoryView } from '../../outlets/answer/history-body.ts';
import { HISTORY_MS, isTurningPoint, type TurningPoint } from './entries.ts';

/** The seven days before `now`. What seems to lie in the future waits for the clock. */
export function historyView(entries: readonly HistoryEntry[], now: number): HistoryView {
  const from = now - HISTORY_MS;
  const past = entries.filter(({ at }) => at <= now).toSorted((one, other) => one.at - other.at);
  return {
    from,
    to: now,
    entries: past.filter(({ at }) => at >= from),
    gaps: gapsOf(past.filter(isTurningPoint), { from, to: now }),
  };
}

/**
 * When there was no usable token although somebody was signed in: from the end of a token to the next one, to
 * the sign-out, or to now. Nobody knows whether the machine slept, was off or was offline meanwhile: it
 * counts from the end of the token it had, and not at all where a token lasted longer. Before the first token
 * that is known there is nothing to tell.
 */
function gapsOf(points: readonly TurningPoint[], { from, to }: HistoryGap): readonly HistoryGap[] {
  const gaps: HistoryGap[] = [];
  const note = (gap: HistoryGap): void => {
    const start = Math.max(gap.from, from);
    if (start < gap.to) gaps.push({ from: start, to: gap.to });
  };
  let usableUntil: number | undefined;
  for (const point of points) {
    if (usableUntil !== undefined) note({ from: usableUntil, to: point.at });
    usableUntil = point.kind === 'signed-out' ? undefined : Math.max(point.at, point.expiresOn);
  }
  if (usableUntil !== undefined) note({ from: usableUntil, to });
  return gaps;
}
