/** The state of a read; `failed` holds the error of the call. */
export type Read<Value> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Reads something about one subject repeatedly, one read at a time: a request during a read causes one more read
 * afterwards, and an answer for a subject that is no longer the current one is dropped.
 */
export class Reading<Value> {
  readonly #read: (subject: string) => Promise<Value>;
  readonly #show: (read: Read<Value>) => void;
  #subject: string | undefined;
  #state: 'idle' | 'reading' | 'reading, and once more' = 'idle';

  constructor(read: (subject: string) => Promise<Value>, show: (read: Read<Value>) => void) {
    this.#read = read;
    this.#show = show;
  }

  /** The last value of the same subject stays visible during the read. */
  async again(subject: string): Promise<void> {
    if (subject !== this.#subject) this.#show({ kind: 'loading' });
    this.#subject = subject;
    if (this.#state !== 'idle') {
      this.#state = 'reading, and once more';
      return;
    }
    do {
      this.#state = 'reading';
      await this.#once(this.#subject);
    } while (this.#isAskedAgain());
    this.#state = 'idle';
  }

  async #once(subject: string): Promise<void> {
    const read = await this.#read(subject).then(
      (value): Read<Value> => ({ kind: 'read', value }),
      (error: unknown): Read<Value> => ({ kind: 'failed', error }),
    );
    if (subject === this.#subject) this.#show(read);
  }

  #isAskedAgain(): boolean {
    return this.#state === 'reading, and once more';
  }
}
