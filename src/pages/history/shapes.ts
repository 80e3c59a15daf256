import { icon } from '../elements/element.ts';
import type { HistoryKind } from './kinds.ts';

/**
 * Each kind has its own shape, so that color is never the only difference (WCAG 2.2, 1.4.1). Paths in a square of 16
 * units, filled or outlined.
 */
const SHAPES: Readonly<Record<HistoryKind, readonly [fill: 'full' | 'line', path: string]>> = {
  'signed-in': ['full', 'M8 1 15 8 8 15 1 8Z'],
  'signed-out': ['line', 'M8 2 14 8 8 14 2 8Z'],
  'sign-in-needed': ['line', 'M8 2 15 14H1ZM8 6.5v3.5M8 11.8v.4'],
  'refreshed-user': ['full', 'M8 3a5 5 0 1 1-.01 0Z'],
  'refreshed-schedule': ['full', 'M3.5 3.5h9v9h-9Z'],
  'refreshed-expiry': ['line', 'M8 4a4 4 0 1 1-.01 0Z'],
  'refreshed-asked': ['full', 'M3 3.5 13 8 3 12.5Z'],
  'refreshed-retry': ['line', 'M8 3a5 5 0 1 1-5 5M3 3v5h5'],
  'failed-network': ['line', 'M3 3 13 13M13 3 3 13'],
  'failed-authority': ['line', 'M8 2a6 6 0 1 1-.01 0ZM5.5 5.5l5 5M10.5 5.5l-5 5'],
  'failed-settings': ['line', 'M2 2h12v12H2ZM5.5 5.5l5 5M10.5 5.5l-5 5'],
  gap: ['line', 'M1 3v10M15 3v10M1 8h14M4.5 5.5l-2.5 5M9.5 5.5l-2.5 5M14 5.5l-2.5 5'],
};

/** The mark of a kind, hidden from screen readers: text nearby says what it means. */
export function shapeOf(kind: HistoryKind): SVGElement {
  const [fill, path] = SHAPES[kind];
  return icon(path, { class: `mark ${kind} ${fill}`, 'aria-hidden': 'true' });
}
