import { expect, test } from 'vitest';
import type { HistoryEntry } from '../../../src/pages/bridge/contract.ts';
import { heaviestOf, weekOf } from '../../../src/pages/history/week.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** Noon on a Thursday, local time. */
const to = new Date(2026, 0, 15, 12, 0).getTime();
const from = to - 7 * DAY_MS;
const failed = (at: number): HistoryEntry => ({ at, kind: 'failed', cause: 'retry', problem: 'offline' });
const refreshed = (at: number, expiresOn: number): HistoryEntry => ({
  at,
  kind: 'refreshed',
  cause: 'expiry',
  expiresOn,
});

test('seven days take eight lines: the first and the last are partly covered', () => {
  const days = weekOf({ from, to, entries: [], gaps: [] }, 1);
  expect(days).toHaveLength(8);
  expect(days[0]?.seen.from).toBe(from);
  expect(days[7]?.seen.to).toBe(to);
  expect(days.flatMap(({ parts }) => parts)).toEqual([]);
});

test('of events that share a mark it shows the most important kind, and all are counted', () => {
  const at = to - 90 * 60_000;
  const entries = [refreshed(at, at + HOUR_MS), failed(at + 1000), failed(at + 2000)];
  const [part] = weekOf({ from, to, entries, gaps: [] }, 1).flatMap(({ parts }) => parts);
  expect(part && heaviestOf(part)).toBe('failed-network');
  expect(part?.counts).toEqual(
    new Map([
      ['failed-network', 2],
      ['refreshed-expiry', 1],
    ]),
  );
  expect(part?.at).toBe(at + 1000);
});

test('a gap over midnight is drawn on both days', () => {
  const midnight = new Date(2026, 0, 14).getTime();
  const gap = { from: midnight - HOUR_MS, to: midnight + 2 * HOUR_MS };
  const days = weekOf({ from, to, entries: [], gaps: [gap] }, 1);
  expect(days.flatMap(({ gaps }) => gaps)).toEqual([
    { from: gap.from, to: midnight },
    { from: midnight, to: gap.to },
  ]);
  expect(days.flatMap(({ parts }) => parts)).toHaveLength(3);
});

test('a token is usable until it expires or the user signs out', () => {
  const at = to - 5 * HOUR_MS;
  const entries: HistoryEntry[] = [refreshed(at, at + 3 * HOUR_MS), { at: at + HOUR_MS, kind: 'signed-out' }];
  const usable = weekOf({ from, to, entries, gaps: [] }, 1).flatMap((day) => day.usable);
  expect(usable).toEqual([{ from: at, to: at + HOUR_MS }]);
});

test('100,000 entries make at most 192 parts', () => {
  const entries = Array.from({ length: 100_000 }, (_, index) => failed(from + index * 6000));
  const parts = weekOf({ from, to, entries, gaps: [] }, 1).flatMap((day) => day.parts);
  expect(parts.length).toBeLessThanOrEqual(192);
  const count = parts.reduce((sum, { counts }) => sum + (counts.get('failed-network') ?? 0), 0);
  expect(count).toBe(100_000);
});
