/**
 * Waits for `work` for `limitMs` and no longer; then rejects with the error that `tooLate`
 * makes, while `work` goes on unheard.
 */
export async function withinLimit<T>(work: Promise<T>, limitMs: number, tooLate: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooLate()), limitMs);
  });
  exitDespite(work, Math.min(limitMs, HANGS_AFTER_MS));
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** As long as a busy keyring takes over a save: what is younger at the exit may still be one that counts. */
const HANGS_AFTER_MS = 1_000;

/**
 * Lets the process end although a call into the store hangs. keytar's calls block a thread of libuv's
 * pool, and libuv joins its threads in `exit()`: with a keyring that did not answer, `process.exit(0)`
 * took 50 s (measured; as long as a prompt stays open, for ever). Node has no `_exit`, so while such a call
 * is under way the last thing that happens at exit is a signal that no thread can hold up.
 */
function exitDespite(work: Promise<unknown>, hangsAfterMs: number): void {
  const back = (): void => {
    underWay.delete(work);
    if (underWay.size === 0) process.off('exit', endAtOnce);
  };
  // One listener however many calls wait behind the one that hangs: Node warns of the eleventh.
  if (underWay.size === 0) process.on('exit', endAtOnce);
  underWay.set(work, performance.now() + hangsAfterMs);
  work.then(back, back);
}

/** From when on each call is one that hangs, by the monotonic clock. */
const underWay = new Map<Promise<unknown>, number>();

function endAtOnce(): void {
  const now = performance.now();
  if ([...underWay.values()].some((hangsFrom) => now >= hangsFrom)) process.kill(process.pid, 'SIGKILL');
}
