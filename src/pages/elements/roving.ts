/**
 * The index that a key moves the focus to, in a list of which the Tab key reaches one item (WAI-ARIA APG, roving
 * tabindex). Undefined for keys that do not move it. Pure.
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
