/**
 * Where a key leads in a row of things of which one has the Tab key's stop (WAI-ARIA APG, roving tabindex).
 * Undefined for keys that lead nowhere. Pure.
 */
export function nextIndex(key: string, from: number, count: number): number | undefined {
  if (count === 0 || from < 0) return undefined;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(from + 1, count - 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return Math.max(from - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
