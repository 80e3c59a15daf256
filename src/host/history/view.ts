import type { HistoryEntry, HistoryGap, HistoryView } from '../../outlets/answer/history-body.ts';
import { HISTORY_MS, isTurningPoint, type TurningPoint } from './entries.ts';

/** The seven days before `now`. Entries in the future are left out until then. */
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
 * When the user was signed in without a usable token: from a token's expiry to the next token, to the sign-out, or to
 * now. It does not matter whether the machine slept, was off or was offline meanwhile. Nothing is known about the time
 * before the first token.
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
