import type { RefreshCause } from '../../agent/status/status.ts';
import { say } from '../../words/say.ts';
import type { HistoryEntry } from '../bridge/contract.ts';

/** What is told apart in the picture. */
export type HistoryKind =
  | `refreshed-${RefreshCause}`
  | `failed-${FailureKind}`
  | 'gap'
  | 'sign-in-needed'
  | 'signed-in'
  | 'signed-out';

/** Of what a refresh can fail, for the picture; the table names the problem itself. */
type FailureKind = 'network' | 'authority' | 'settings';

/** What matters most comes first: where many things fell together, it is what the picture shows. */
export const HISTORY_KINDS = [
  'sign-in-needed',
  'failed-settings',
  'failed-authority',
  'failed-network',
  'gap',
  'signed-in',
  'signed-out',
  'refreshed-user',
  'refreshed-schedule',
  'refreshed-asked',
  'refreshed-retry',
  'refreshed-expiry',
] as const satisfies readonly HistoryKind[];

/** Problems on the way to the authority, by the beginning of their code (words/catalogue.ts). */
const NETWORK = /^(?:offline|untrusted|extra-ca|proxy\.|timeout|discovery|clock\.)/u;

/** The authority answered, and could not or would not for now. */
const AUTHORITY = /^(?:throttled|authority-down|unknown|unexpected|superseded)/u;

/** Which kind an entry is. Pure. */
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

const WORDS = {
  'signed-in': 'page.history.signed-in',
  'signed-out': 'session.signed-out',
  'sign-in-needed': 'notification.sign-in-needed',
  'refreshed-user': 'page.history.refreshed.user',
  'refreshed-schedule': 'page.history.refreshed.schedule',
  'refreshed-expiry': 'page.history.refreshed.expiry',
  'refreshed-asked': 'page.history.refreshed.asked',
  'refreshed-retry': 'page.history.refreshed.retry',
  'failed-network': 'page.history.failed.network',
  'failed-authority': 'page.history.failed.authority',
  'failed-settings': 'page.history.failed.settings',
  gap: 'page.history.gap',
} as const satisfies Record<HistoryKind, string>;
