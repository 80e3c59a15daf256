import type { VaultError } from './vault.ts';

/**
 * Waits for `work` for `limitMs` and no longer; then rejects with the {@link VaultError} that `tooLate`
 * makes, while `work` goes on unheard.
 */
export async function withinLimit<T>(
  work: Promise<T>,
  limitMs: number,
  tooLate: () => VaultError,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      exitDespite(work);
      reject(tooLate());
    }, limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Lets the process end although a call into the store hangs. keytar's calls block a thread of libuv's
 * pool, and libuv joins its threads in `exit()`: with a keyring that did not answer, `process.exit(0)`
 * took 50 s (measured; as long as a prompt stays open, for ever). Node has no `_exit`, so while a call
 * is overdue the last thing that happens at exit is a signal that no thread can hold up.
 */
function exitDespite(hanging: Promise<unknown>): void {
  const end = (): void => {
    process.kill(process.pid, 'SIGKILL');
  };
  const back = (): void => {
    process.off('exit', end);
  };
  process.on('exit', end);
  hanging.then(back, back);
}
