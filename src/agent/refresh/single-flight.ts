/** Work that is under way for one key is shared by all who ask for the same; the next asker starts anew. */
export class SingleFlight<Result> {
  readonly #flights = new Map<string, Promise<Result>>();

  /** Runs `work` for `key`, or joins the run that is under way. The key must hold every input of the work. */
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
    // Only now: whoever the work tells that it has begun may ask for the same, and joins.
    start();
    return flight;
  }

  /** Resolves when nothing that can be joined is under way. */
  async settled(): Promise<void> {
    while (this.#flights.size > 0) await Promise.allSettled(this.#flights.values());
  }

  /** A new generation begins: what is under way goes on, but nobody joins it any more. */
  forget(): void {
    this.#flights.clear();
  }
}
