import * as v from 'valibot';
import type { HistoryEntry } from '../../outlets/answer/history-body.ts';
import { MOST_ENTRIES } from './entries.ts';

/** The content of a history file. `newer`: written by a newer version; not damaged, and left alone. */
export type ReadHistory =
  | { readonly kind: 'entries'; readonly entries: readonly HistoryEntry[] }
  | { readonly kind: 'newer' }
  | { readonly kind: 'damaged' };

const versionSchema = v.object({ schemaVersion: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/** The last time that a `Date` can hold (ECMA-262 21.4.1.1). */
const LAST_TIME_MS = 8.64e15;
const timeSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(LAST_TIME_MS));
const causeSchema = v.picklist(['user', 'schedule', 'expiry', 'asked', 'retry']);
/** The form of a problem's code; the longest has half this length. */
const codeSchema = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{0,63}$/u));

const entrySchema = v.variant('kind', [
  v.object({ at: timeSchema, kind: v.literal('signed-in'), expiresOn: timeSchema }),
  v.object({ at: timeSchema, kind: v.literal('refreshed'), cause: causeSchema, expiresOn: timeSchema }),
  v.object({ at: timeSchema, kind: v.literal('failed'), cause: causeSchema, problem: codeSchema }),
  v.object({ at: timeSchema, kind: v.literal('sign-in-needed'), problem: codeSchema }),
  v.object({ at: timeSchema, kind: v.literal('signed-out') }),
]) satisfies v.GenericSchema<unknown, HistoryEntry>;

/** A history as text: a line with the version, then one line for each entry, in the order they were written. */
export function historyText(entries: readonly HistoryEntry[]): string {
  return [{ schemaVersion: 1 }, ...entries].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Reads what {@link historyText} wrote. If there are more entries than are kept, only the newest are read. */
export function readHistory(text: string): ReadHistory {
  const headEnd = text.indexOf('\n');
  const head = v.safeParse(versionSchema, parsed(text.slice(0, Math.max(0, headEnd))));
  if (!head.success) return { kind: 'damaged' };
  if (head.output.schemaVersion > 1) return { kind: 'newer' };
  const entries: HistoryEntry[] = [];
  for (const line of lastLines(text.slice(headEnd + 1))) {
    const entry = v.safeParse(entrySchema, parsed(line));
    if (!entry.success) return { kind: 'damaged' };
    entries.push(entry.output);
  }
  return { kind: 'entries', entries };
}

/** The lines of the newest entries and the one before them; earlier ones are not parsed. */
function lastLines(text: string): readonly string[] {
  if (text === '') return [];
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  let start = end;
  for (let count = 0; count <= MOST_ENTRIES && start > 0; count += 1)
    start = text.lastIndexOf('\n', start - 1);
  return text.slice(start + 1, end).split('\n');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
