/** Runs jobs one after the other, in the order they were given. A failed job does not stop the ones after it. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as the job does. */
  run<Value>(job: () => Promise<Value> | Value): Promise<Value> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when all jobs given so far have settled. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
