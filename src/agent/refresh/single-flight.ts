/** Shares work under way among all callers with the same key. After it the next caller starts a new run. */
export class SingleFlight<Result> {
  readonly #flights = new Map<string, Promise<Result>>();

  /** Runs `work` for `key`, or joins the run under way. The key must contain every input of the work. */
  run(key: string, work: () => Promise<Result>): Promise<Result> {
    const flying = this.#flights.get(key);
    if (flying !== undefined) return flying;
    let start: () => void = () => undefined;
    const flight = new Promise<Result>((resolve) => {
      start = () => resolve(work());
    }).finally(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    // Started only now: code that is called at the start of the work may ask for the same key, and joins.
    start();
    return flight;
  }

  /** Resolves when no run that can be joined is under way. */
  async settled(): Promise<void> {
    while (this.#flights.size > 0) await Promise.allSettled(this.#flights.values());
  }

  /** Runs under way continue, but cannot be joined. */
  forget(): void {
    this.#flights.clear();
  }
}
