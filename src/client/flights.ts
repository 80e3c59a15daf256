/** A question under way, and the number of callers that wait for its answer. */
interface Flight<Answer> {
  readonly answer: Promise<Answer>;
  readonly stop: AbortController;
  waiting: number;
  state: 'under way' | 'landed';
}

/** Asks an equal question once at a time, and aborts it when no caller waits for it any more. */
export class Flights<Answer> {
  readonly #flights = new Map<string, Flight<Answer>>();

  /** Rejects with the signal's reason if it ends the wait. */
  async share(
    key: string,
    ask: (signal: AbortSignal) => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, ask);
    flight.waiting += 1;
    try {
      return await (signal === undefined ? flight.answer : orAborted(flight.answer, signal));
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) this.#end(key, flight);
    }
  }

  #start(key: string, ask: (signal: AbortSignal) => Promise<Answer>): Flight<Answer> {
    const stop = new AbortController();
    const flight: Flight<Answer> = { answer: ask(stop.signal), stop, waiting: 0, state: 'under way' };
    this.#flights.set(key, flight);
    const landed = (): void => void (flight.state = 'landed');
    flight.answer.then(landed, landed);
    return flight;
  }

  #end(key: string, flight: Flight<Answer>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    // Aborting a finished request would still create an error with its stack and take time.
    if (flight.state === 'under way') flight.stop.abort();
  }
}

/** Settles with the answer, or with the signal's reason if that comes first. */
function orAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
