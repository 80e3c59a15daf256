import type { Agent } from '../../agent/agent.ts';
import type { Problem } from '../../words/problem.ts';
import type { LastRefresh } from '../../agent/refresh/renewals.ts';
import type { HistoryEntry } from '../../outlets/answer/history-body.ts';
import { happenings } from '../../outlets/hooks/events.ts';

/** How far back the history goes: seven days. */
export const HISTORY_MS = 7 * 24 * 3600_000;

/**
 * One entry every ten minutes for seven days; an hourly schedule with hourly tokens makes a third of that. With less
 * than 100 bytes each they stay below 100 kB.
 */
export const MOST_ENTRIES = 1_000;

/** The state of an agent at one moment. */
export type Seen = Pick<Agent, 'status' | 'lastRefresh'>;

/** The entries from which it is known until when there is a usable token. */
export type TurningPoint = Extract<HistoryEntry, { kind: 'signed-in' | 'refreshed' | 'signed-out' }>;

/** Whether an entry begins or ends the lifetime of a token. */
export function isTurningPoint(entry: HistoryEntry): entry is TurningPoint {
  return entry.kind === 'signed-in' || entry.kind === 'refreshed' || entry.kind === 'signed-out';
}

/**
 * What happened between two states of an agent, at `at` (milliseconds since the epoch). Equal states give no entries.
 * A session that was restored is not a sign-in.
 */
export function newEntries(before: Seen, after: Seen, at: number): readonly HistoryEntry[] {
  const { session } = after.status;
  const expiresOn = session.kind === 'signed-out' ? undefined : session.expiresOn;
  // A refresh makes a new object; a new session has none.
  const refresh = after.lastRefresh === before.lastRefresh ? undefined : after.lastRefresh;
  const happened = happenings(before.status, after.status).map(({ event, reason }): Found => {
    switch (event) {
      case 'signed-out':
        return { at, kind: 'signed-out' };
      case 'sign-in-needed':
        return reason && { at, kind: 'sign-in-needed', problem: reason.code };
      case 'refreshed':
        return expiresOn !== undefined && hasEndedSignIn(before, after)
          ? { at, kind: 'signed-in', expiresOn }
          : undefined;
      case 'failed':
        return reason && signInFailure(before, after, reason, at);
    }
  });
  return [...happened, refresh && refreshEntry(refresh, expiresOn, at)].filter(
    (entry) => entry !== undefined,
  );
}

type Found = HistoryEntry | undefined;

function refreshEntry(refresh: LastRefresh, expiresOn: number | undefined, at: number): Found {
  const { cause } = refresh;
  switch (refresh.kind) {
    case 'refreshed':
      return expiresOn === undefined ? undefined : { at, kind: 'refreshed', cause, expiresOn };
    case 'failed':
      // `sign-in-needed` reports it already.
      return refresh.reason.kind === 'interaction'
        ? undefined
        : { at, kind: 'failed', cause, problem: refresh.reason.code };
  }
}

/** A sign-in that failed because of a setting. Closing the window is not a failure. */
function signInFailure(before: Seen, after: Seen, reason: Problem, at: number): Found {
  return reason.kind === 'admin' && hasEndedSignIn(before, after)
    ? { at, kind: 'failed', cause: 'user', problem: reason.code }
    : undefined;
}

function hasEndedSignIn(before: Seen, after: Seen): boolean {
  return before.status.activity.kind === 'signing-in' && after.status.activity.kind !== 'signing-in';
}

/**
 * Whether `entry` says something new. An outage is one entry for each kind of failure until there is a token again,
 * regardless of retries and restarts; the gap shows how long it lasted.
 */
export function isNews(known: readonly HistoryEntry[], entry: HistoryEntry): boolean {
  switch (entry.kind) {
    case 'signed-in':
    case 'refreshed':
      return true;
    case 'signed-out':
      return known.findLast(isTurningPoint)?.kind !== 'signed-out';
    case 'failed':
    case 'sign-in-needed':
      return known
        .slice(known.findLastIndex(isTurningPoint) + 1)
        .every((other) => other.kind !== entry.kind || other.problem !== entry.problem);
  }
}

/**
 * Whether a recorded session has ended without an entry: the process was killed, or the profile became another
 * registration. Requires two equal states and a store that can be read: right after the keyring was unlocked, the
 * session is not restored yet.
 */
export function hasLostSession(known: readonly HistoryEntry[], before: Seen, after: Seen): boolean {
  const { status } = after;
  const isSettled =
    status === before.status && status.activity.kind === 'idle' && status.storage.kind === 'ok';
  if (!isSettled || status.session.kind !== 'signed-out') return false;
  const last = known.findLast(isTurningPoint);
  return last !== undefined && last.kind !== 'signed-out';
}

/**
 * The entries to keep, in the order they were written: those of seven days, at most {@link MOST_ENTRIES}, and the token
 * before them, which tells how the seven days begin. Entries in the future were written before the clock was set back;
 * they are kept while there is room.
 */
export function kept(entries: readonly HistoryEntry[], now: number): readonly HistoryEntry[] {
  const recent = entries.filter(({ at }) => at >= now - HISTORY_MS).slice(-MOST_ENTRIES);
  const [first] = recent;
  const older = first === undefined ? entries : entries.slice(0, entries.indexOf(first));
  const token = older.findLast(isTurningPoint);
  return token === undefined || token.kind === 'signed-out' ? recent : [token, ...recent];
}
