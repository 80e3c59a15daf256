const MINUTE_MS = 60_000;

/**
 * Runs `run` at the start of each minute, when the words for the time left change, and when the page becomes visible
 * again. Returns a function that stops it.
 */
export function everyMinute(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const arm = (): void => {
    timer = setTimeout(
      () => {
        run();
        arm();
      },
      MINUTE_MS - (Date.now() % MINUTE_MS),
    );
  };
  arm();
  // Browsers throttle the timers of a hidden page.
  document.addEventListener('visibilitychange', run);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', run);
  };
}
