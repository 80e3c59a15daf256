import type { Agent } from '../../agent/agent.ts';
import type { Problem } from '../../words/problem.ts';
import type { LastRefresh } from '../../agent/refresh/renewals.ts';
import type { HistoryEntry } from '../../outlets/answer/history-body.ts';
import { happenings } from '../../outlets/hooks/events.ts';

/** How far back the history goes: DESIGN asks for the last seven days. */
export const HISTORY_MS = 7 * 24 * 3600_000;

/**
 * One entry in ten minutes for seven days: an hourly schedule beside hourly tokens makes a third of that. Below
 * 100 bytes each, they stay below 100 kB.
 */
export const MOST_ENTRIES = 1_000;

/** What an agent shows at one moment. */
export type Seen = Pick<Agent, 'status' | 'lastRefresh'>;

/** From these on it is known until when there is a usable token. */
export type TurningPoint = Extract<HistoryEntry, { kind: 'signed-in' | 'refreshed' | 'signed-out' }>;

/** Whether an entry begins or ends the life of a token. */
export function isTurningPoint(entry: HistoryEntry): entry is TurningPoint {
  return entry.kind === 'signed-in' || entry.kind === 'refreshed' || entry.kind === 'signed-out';
}

/**
 * What has happened between two looks at an agent, at `at` (milliseconds since the epoch). Looks may be repeated
 * at any time: without a change they find nothing. A session that was merely restored is no sign-in.
 */
export function newEntries(before: Seen, after: Seen, at: number): readonly HistoryEntry[] {
  const { session } = after.status;
  const expiresOn = session.kind === 'signed-out' ? undefined : session.expiresOn;
  // A refresh leaves a new object, and a new session none.
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
      // What needs the user is told as that: the failure would be the same news twice.
      return refresh.reason.kind === 'interaction'
        ? undefined
        : { at, kind: 'failed', cause, problem: refresh.reason.code };
  }
}

/** A person's sign-in that failed for what somebody must mend; closing the window is no failure. */
function signInFailure(before: Seen, after: Seen, reason: Problem, at: number): Found {
  return reason.kind === 'admin' && hasEndedSignIn(before, after)
    ? { at, kind: 'failed', cause: 'user', problem: reason.code }
    : undefined;
}

function hasEndedSignIn(before: Seen, after: Seen): boolean {
  return before.status.activity.kind === 'signing-in' && after.status.activity.kind !== 'signing-in';
}

/**
 * Whether `entry` is news after all that is known. An outage is one entry for each kind of failure, however
 * often it is tried and whatever restarts there are between, until there is a token again; the gap shows how long
 * it lasted.
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
 * Whether the session that is written down has gone without a word: with a process that was killed, or with a
 * registration that is another one now. Only an agent that says so twice is believed, and whose store can be
 * read: a keyring that was just unlocked says nobody is there until the session is restored.
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
 * What is kept, in the order in which it was written: seven days, of those the newest, and the token before
 * them, which tells how they begin. What lies in the future was written before the clock was set back: it is kept
 * too, as long as there is room.
 */
export function kept(entries: readonly HistoryEntry[], now: number): readonly HistoryEntry[] {
  const recent = entries.filter(({ at }) => at >= now - HISTORY_MS).slice(-MOST_ENTRIES);
  const [first] = recent;
  const older = first === undefined ? entries : entries.slice(0, entries.indexOf(first));
  const token = older.findLast(isTurningPoint);
  return token === undefined || token.kind === 'signed-out' ? recent : [token, ...recent];
}
