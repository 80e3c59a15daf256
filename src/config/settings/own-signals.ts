/** Every signal that somebody in this process listens to. */
function heardSignals(): readonly NodeJS.Signals[] {
  return process
    .eventNames()
    .filter((name): name is NodeJS.Signals => typeof name === 'string' && name.startsWith('SIG'));
}

/**
 * Does `work` and takes back the listeners to signals that it left behind. conf loads when-exit (2.1),
 * which raises each signal again as soon as it has heard it, for programs that end by the signal itself:
 * a host that has begun to end in order would be killed by that. What when-exit does at the `exit` stays.
 */
export async function withOwnSignals<Result>(work: () => Promise<Result>): Promise<Result> {
  const own = new Set(heardSignals().flatMap((signal) => process.rawListeners(signal)));
  const result = await work();
  for (const signal of heardSignals()) {
    const foreign = process.rawListeners(signal).filter((listener) => !own.has(listener));
    for (const listener of foreign) process.off(signal, listener as NodeJS.SignalsListener);
  }
  return result;
}
