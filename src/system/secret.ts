import { inspect } from 'node:util';

/**
 * A value that must not be printed: a token, a client secret, an access key. Every accidental conversion to text
 * (template, JSON, console, error) gives `[secret]`; only {@link reveal} returns the value.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Each call is a place where it can leak, so keep them few. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
