/**
 * Waits for `work`, at most `limitMs`; then rejects with the error that `tooLate` returns. `work` continues, and its
 * outcome is ignored.
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

/**
 * Waits for `work`, at most `limitMs`; undefined then. `work` continues. The timer keeps the process alive, because
 * Node exits (with code 13) when only this is awaited and nothing else does.
 */
export async function atMost<T>(limitMs: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** A busy keyring takes this long to save, so a younger call may still complete at exit. */
const HANGS_AFTER_MS = 1_000;

/**
 * Lets the process exit although a call into the store hangs. keytar's calls block a thread of libuv's pool, and libuv
 * joins its threads in `exit()`: with a keyring that did not answer, `process.exit(0)` took 50 s (measured), and with
 * an open prompt it never returns. Node has no `_exit`, so while such a call is pending, the process ends itself with a
 * signal that no thread can delay.
 */
function exitDespite(work: Promise<unknown>, hangsAfterMs: number): void {
  const settled = (): void => {
    pending.delete(work);
    if (pending.size === 0) process.off('exit', endAtOnce);
  };
  // One listener for all pending calls, because Node warns at the eleventh.
  if (pending.size === 0) process.on('exit', endAtOnce);
  pending.set(work, performance.now() + hangsAfterMs);
  work.then(settled, settled);
}

/** The time, on the monotonic clock, from which each call counts as hanging. */
const pending = new Map<Promise<unknown>, number>();

function endAtOnce(): void {
  const now = performance.now();
  if ([...pending.values()].some((hangsFrom) => now >= hangsFrom)) process.kill(process.pid, 'SIGKILL');
}
