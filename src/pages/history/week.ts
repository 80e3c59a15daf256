import type { HistoryEntry, HistoryView } from '../bridge/contract.ts';
import { HISTORY_KINDS, kindOf, type HistoryKind } from './kinds.ts';

/** A length of time; both in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One part of a day, and the events in it. */
export interface Part extends Span {
  /** How often each kind occurred, the most important first. */
  readonly counts: ReadonlyMap<HistoryKind, number>;
  /** The entry, if it is the only event. */
  readonly only: HistoryEntry | undefined;
  /** The position of the mark: the first event of the most important kind. */
  readonly at: number;
  readonly gaps: readonly Span[];
}

/** A day of local time; when the clocks change it has 23 or 25 hours. */
export interface Day extends Span {
  /** The part of the day that the history covers. */
  readonly seen: Span;
  readonly usable: readonly Span[];
  readonly gaps: readonly Span[];
  /** Only the parts with events, earliest first. */
  readonly parts: readonly Part[];
}

const HOUR_MS = 3600_000;

/** Spans closer than this are drawn as one: five pixels of a day that is a thousand pixels wide. */
const MERGE_MS = 7 * 60_000;

/** The history as days with their parts, for the picture. Pure except for the local time zone. */
export function weekOf({ from, to, entries, gaps }: HistoryView, partHours: number): readonly Day[] {
  const usable = merged(usableSpans(entries, to));
  const lasting = merged(gaps);
  return daysOf(from, to).map((day) => {
    const seen = { from: Math.max(day.from, from), to: Math.min(day.to, to) };
    const ownGaps = within(lasting, seen);
    const own = entries.filter(({ at }) => at >= day.from && at < day.to);
    const parts = partsOf(day, own, ownGaps, partHours * HOUR_MS);
    return { ...day, seen, usable: within(usable, seen), gaps: ownGaps, parts };
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

/** From each token until it expires, the next token arrives, or the user signs out. */
function usableSpans(entries: readonly HistoryEntry[], to: number): readonly Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
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

/** The spans in order; those that touch or nearly touch become one. */
function merged(spans: readonly Span[]): readonly Span[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last !== undefined && from - last.to < MERGE_MS) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** The parts of the spans that lie within another span. */
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
    return partOf(span, these, within(gaps, span)) ?? [];
  });
}

function partOf(span: Span, entries: readonly HistoryEntry[], gaps: readonly Span[]): Part | undefined {
  const events = [
    ...entries.map((entry) => ({ kind: kindOf(entry), at: entry.at })),
    ...gaps.map(({ from }) => ({ kind: 'gap' as const, at: from })),
  ];
  const found = new Map<HistoryKind, { count: number; readonly first: number }>();
  for (const { kind, at } of events) {
    const known = found.get(kind);
    if (known === undefined) found.set(kind, { count: 1, first: at });
    else known.count += 1;
  }
  const kinds = HISTORY_KINDS.filter((kind) => found.has(kind));
  const [heaviest] = kinds;
  if (heaviest === undefined) return undefined;
  return {
    ...span,
    counts: new Map(kinds.map((kind) => [kind, found.get(kind)?.count ?? 0])),
    only: events.length === 1 ? entries[0] : undefined,
    at: found.get(heaviest)?.first ?? span.from,
    gaps,
  };
}

/** The kind that a part's mark shows. */
export function heaviestOf({ counts }: Part): HistoryKind {
  return HISTORY_KINDS.find((kind) => counts.has(kind)) ?? 'gap';
}
