import type { HistoryEntry, HistoryView } from '../bridge/contract.ts';
import { HISTORY_KINDS, kindOf, type HistoryKind } from './kinds.ts';

/** A length of time; both in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What fell into one part of a day. */
export interface Part extends Span {
  /** In the order of their weight, with how often. */
  readonly counts: ReadonlyMap<HistoryKind, number>;
  /** The only entry, where it is one. */
  readonly only: HistoryEntry | undefined;
  /** Where the mark stands: the first entry of the heaviest kind, or the begin of what lasts. */
  readonly at: number;
  readonly gaps: readonly Span[];
}

/** A day of local time; on two days of the year it has 23 or 25 hours. */
export interface Day extends Span {
  /** The part of the day that the view is about. */
  readonly seen: Span;
  readonly usable: readonly Span[];
  readonly gaps: readonly Span[];
  /** Only those with something in them, earliest first. */
  readonly parts: readonly Part[];
}

const HOUR_MS = 3600_000;

/** Spans closer than this are drawn as one: at a thousand pixels a day it is five of them. */
const MERGE_MS = 7 * 60_000;

/** The view as days with their parts, for a picture. Pure but for the local time zone. @param partHours of a day */
export function weekOf({ from, to, entries, gaps }: HistoryView, partHours: number): readonly Day[] {
  const partMs = partHours * HOUR_MS;
  const usable = merged(usableSpans(entries, to));
  const lasting = merged(gaps);
  const byDay = entriesByDay(entries, daysOf(from, to));
  return byDay.map(({ day, own }) => {
    const seen = { from: Math.max(day.from, from), to: Math.min(day.to, to) };
    const ownGaps = within(lasting, seen);
    return {
      ...day,
      seen,
      usable: within(usable, seen),
      gaps: ownGaps,
      parts: partsOf(day, own, ownGaps, partMs),
    };
  });
}

/** Local days, from midnight to midnight. */
function daysOf(from: number, to: number): readonly Span[] {
  const days: Span[] = [];
  let start = new Date(from);
  start.setHours(0, 0, 0, 0);
  while (start.getTime() < to) {
    const end = new Date(start);
    end.setDate(end.getDate() + 1);
    days.push({ from: start.getTime(), to: end.getTime() });
    start = end;
  }
  return days;
}

function entriesByDay(
  entries: readonly HistoryEntry[],
  days: readonly Span[],
): readonly { readonly day: Span; readonly own: readonly HistoryEntry[] }[] {
  const all = days.map((day) => ({ day, own: [] as HistoryEntry[] }));
  for (const entry of entries)
    all.find(({ day }) => entry.at >= day.from && entry.at < day.to)?.own.push(entry);
  return all;
}

/** From each token to its end, the next token's begin, or the sign-out. */
function usableSpans(entries: readonly HistoryEntry[], to: number): readonly Span[] {
  const spans: Span[] = [];
  let open: { from: number; to: number } | undefined;
  const close = (at: number): void => {
    if (open !== undefined) spans.push({ from: open.from, to: Math.min(open.to, at) });
    open = undefined;
  };
  for (const entry of entries) {
    if (entry.kind === 'signed-out') close(entry.at);
    if (entry.kind !== 'signed-in' && entry.kind !== 'refreshed') continue;
    close(entry.at);
    open = { from: entry.at, to: entry.expiresOn };
  }
  close(to);
  return spans.filter((span) => span.to > span.from);
}

/** Spans in their order, those that touch or nearly touch as one. */
function merged(spans: readonly Span[]): readonly Span[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last !== undefined && from - last.to < MERGE_MS) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** What of the spans lies within another. */
function within(spans: readonly Span[], { from, to }: Span): readonly Span[] {
  return spans
    .filter((span) => span.to > from && span.from < to)
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }));
}

function partsOf(
  day: Span,
  entries: readonly HistoryEntry[],
  gaps: readonly Span[],
  partMs: number,
): readonly Part[] {
  const count = Math.ceil((day.to - day.from) / partMs);
  const own = Array.from({ length: count }, (): HistoryEntry[] => []);
  for (const entry of entries) own[Math.floor((entry.at - day.from) / partMs)]?.push(entry);
  return own.flatMap((these, index) => {
    const span = { from: day.from + index * partMs, to: Math.min(day.from + (index + 1) * partMs, day.to) };
    const part = partOf(span, these, within(gaps, span));
    return part === undefined ? [] : [part];
  });
}

function partOf(span: Span, entries: readonly HistoryEntry[], gaps: readonly Span[]): Part | undefined {
  const found = new Map<HistoryKind, { count: number; readonly first: number }>();
  for (const entry of entries) {
    const kind = kindOf(entry);
    const known = found.get(kind);
    if (known === undefined) found.set(kind, { count: 1, first: entry.at });
    else known.count += 1;
  }
  const [gap] = gaps;
  if (gap !== undefined) found.set('gap', { count: gaps.length, first: gap.from });
  const kinds = HISTORY_KINDS.filter((kind) => found.has(kind));
  const [heaviest] = kinds;
  if (heaviest === undefined) return undefined;
  return {
    ...span,
    counts: new Map(kinds.map((kind) => [kind, found.get(kind)?.count ?? 0])),
    only: entries.length === 1 && gaps.length === 0 ? entries[0] : undefined,
    at: found.get(heaviest)?.first ?? span.from,
    gaps,
  };
}

/** The kind that a part's mark shows. */
export function heaviestOf({ counts }: Part): HistoryKind {
  return HISTORY_KINDS.find((kind) => counts.has(kind)) ?? 'gap';
}
