const MINUTE_MS = 60_000;

/**
 * Runs it at the begin of each minute, when words that tell the time left change, and when the page is seen again.
 * The answer ends it.
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
  // A page that nobody sees is given few timers.
  document.addEventListener('visibilitychange', run);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', run);
  };
}
