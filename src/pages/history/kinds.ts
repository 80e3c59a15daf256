import type { RefreshCause } from '../../agent/status/status.ts';
import { say } from '../../words/say.ts';
import type { HistoryEntry } from '../bridge/contract.ts';

/** The kinds of events that the picture distinguishes. */
export type HistoryKind =
  | `refreshed-${RefreshCause}`
  | `failed-${FailureKind}`
  | 'gap'
  | 'sign-in-needed'
  | 'signed-in'
  | 'signed-out';

/** What made a refresh fail, for the picture; the table names the exact problem. */
type FailureKind = 'network' | 'authority' | 'settings';

/** The most important first: where several events share a mark, it shows the first kind. */
const WORDS = {
  'sign-in-needed': 'notification.sign-in-needed',
  'failed-settings': 'page.history.failed.settings',
  'failed-authority': 'page.history.failed.authority',
  'failed-network': 'page.history.failed.network',
  gap: 'page.history.gap',
  'signed-in': 'page.history.signed-in',
  'signed-out': 'session.signed-out',
  'refreshed-user': 'page.history.refreshed.user',
  'refreshed-schedule': 'page.history.refreshed.schedule',
  'refreshed-asked': 'page.history.refreshed.asked',
  'refreshed-retry': 'page.history.refreshed.retry',
  'refreshed-expiry': 'page.history.refreshed.expiry',
} as const satisfies Record<HistoryKind, string>;

/** All kinds, the most important first. */
export const HISTORY_KINDS = Object.keys(WORDS) as readonly HistoryKind[];

/** Problems on the way to the authority, by the start of their code (src/words). */
const NETWORK = /^(?:offline|other-answer|untrusted|extra-ca|proxy\.|timeout|discovery|clock\.)/u;

/** The authority answered that it cannot help, for now or for a reason we do not know. */
const AUTHORITY = /^(?:throttled|authority-down|unknown|unexpected|superseded)/u;

/** The kind of an entry. Pure. */
export function kindOf(entry: HistoryEntry): HistoryKind {
  switch (entry.kind) {
    case 'signed-in':
    case 'signed-out':
    case 'sign-in-needed':
      return entry.kind;
    case 'refreshed':
      return `refreshed-${entry.cause}`;
    case 'failed':
      if (NETWORK.test(entry.problem)) return 'failed-network';
      return AUTHORITY.test(entry.problem) ? 'failed-authority' : 'failed-settings';
  }
}

/** A kind in words. */
export function sayKind(kind: HistoryKind): string {
  return say(WORDS[kind]);
}
