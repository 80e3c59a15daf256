import type { Input, WebContents } from 'electron';

/** Chromium's levels: each is 20 % of the one before, so these are 48 % and 249 %. */
const SMALLEST_LEVEL = -4;
const LARGEST_LEVEL = 5;

/** The level after a key, as browsers have it; undefined for every other key. */
export function zoomAfter(
  level: number,
  { type, control, meta, alt, key }: Pick<Input, 'type' | 'control' | 'meta' | 'alt' | 'key'>,
): number | undefined {
  if (type !== 'keyDown' || alt || control === meta) return undefined;
  switch (key) {
    // `=` is the key of `+` without Shift.
    case '+':
    case '=':
      return Math.min(level + 1, LARGEST_LEVEL);
    case '-':
      return Math.max(level - 1, SMALLEST_LEVEL);
    case '0':
      return 0;
    default:
      return undefined;
  }
}

/** Ctrl (on macOS Cmd) with +, - and 0: the application menu that usually does this is not there. */
export function offerZoom(contents: WebContents): void {
  let level = 0;
  contents.on('before-input-event', (event, input) => {
    const next = zoomAfter(level, input);
    if (next === undefined) return;
    event.preventDefault();
    level = next;
    contents.setZoomLevel(level);
  });
  // Chromium keeps a level for each host, and a sign-in passes through several.
  contents.on('did-navigate', () => {
    if (level !== 0) contents.setZoomLevel(level);
  });
}
