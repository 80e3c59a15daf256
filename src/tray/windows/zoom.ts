import type { Input, WebContents } from 'electron';

/** Chromium's levels: each is a factor of 1.2, so these are 48 % and 249 %. */
const SMALLEST_LEVEL = -4;
const LARGEST_LEVEL = 5;

/** The level after a zoom key, as in browsers; undefined for other keys. */
export function zoomAfter(
  level: number,
  { type, control, meta, alt, key }: Pick<Input, 'type' | 'control' | 'meta' | 'alt' | 'key'>,
): number | undefined {
  if (type !== 'keyDown' || alt || control === meta) return undefined;
  switch (key) {
    // On many keyboards `+` is `=` with Shift.
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

/** Zooms with Ctrl (on macOS Cmd) and +, - or 0, because there is no application menu that does it. */
export function offerZoom(contents: WebContents): void {
  let level = 0;
  contents.on('before-input-event', (event, input) => {
    const next = zoomAfter(level, input);
    if (next === undefined) return;
    event.preventDefault();
    level = next;
    contents.setZoomLevel(level);
  });
  // Chromium keeps a level per host, and a sign-in visits several hosts.
  contents.on('did-navigate', () => {
    if (level !== 0) contents.setZoomLevel(level);
  });
}
