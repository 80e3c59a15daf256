/** A frame takes longer than this on no machine that is of use; a page that is shown nowhere is given none at all. */
const NO_FRAME_MS = 1000;

/** Runs it when what there is by now has been painted; soon, where nothing is painted. */
export function afterPaint(run: () => void): void {
  let state: 'waiting' | 'run' = 'waiting';
  const once = (): void => {
    if (state === 'run') return;
    state = 'run';
    run();
  };
  // Within a frame it would still be before the paint of it.
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, NO_FRAME_MS);
}
