/** All signals with listeners in this process. */
function heardSignals(): readonly NodeJS.Signals[] {
  return process
    .eventNames()
    .filter((name): name is NodeJS.Signals => typeof name === 'string' && name.startsWith('SIG'));
}

/**
 * Runs `work`, then removes the signal listeners that it added. conf loads when-exit (2.1), which raises each signal
 * again after receiving it, for programs that are terminated by the signal; this would kill a host that is shutting down
 * in order. What when-exit does on `exit` stays.
 */
export async function withOwnSignals<Result>(work: () => Promise<Result>): Promise<Result> {
  const own = new Set(heardSignals().flatMap((signal) => process.rawListeners(signal)));
  const result = await work();
  for (const signal of heardSignals()) {
    const added = process.rawListeners(signal).filter((listener) => !own.has(listener));
    for (const listener of added) process.off(signal, listener as NodeJS.SignalsListener);
  }
  return result;
}
