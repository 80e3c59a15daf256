const MINUTE_MS = 60_000;

/** Runs it at the begin of each minute, when words that tell the time left change, and when the page is seen again. */
export function everyMinute(run: () => void): void {
  const arm = (): void => {
    setTimeout(
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
}
