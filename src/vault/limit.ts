/**
 * Waits for `work` for `limitMs` and no longer; then rejects with the error that `tooLate`
 * makes, while `work` goes on unheard.
 */
export async function withinLimit<T>(work: Promise<T>, limitMs: number, tooLate: () => Error): Promise<T> {
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
  const back = (): void => {
    overdue.delete(hanging);
    if (overdue.size === 0) process.off('exit', endAtOnce);
  };
  // One listener however many calls wait behind the one that hangs: Node warns of the eleventh.
  if (overdue.size === 0) process.on('exit', endAtOnce);
  overdue.add(hanging);
  hanging.then(back, back);
}

const overdue = new Set<Promise<unknown>>();

function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
