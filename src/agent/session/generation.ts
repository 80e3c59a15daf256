import { scopeKey } from '../../config/profile/scopes.ts';
import { Backoff } from './backoff.ts';
import type { Conversation } from '../authority/conversation.ts';

/**
 * One session's worth of work: sign-out, sign-in and a changed profile begin a new one, and what began
 * in an older one drops its result (pizauth's AccountId).
 */
export class Generation {
  readonly conversation: Conversation;
  /** The newest claims challenge that was not met without the user: it goes into the next sign-in. */
  challenge: string | undefined;
  readonly #backoffs = new Map<string, Backoff>();

  constructor(conversation: Conversation) {
    this.conversation = conversation;
  }

  /**
   * The failures of these scopes: one resource that fails says nothing about another, and a challenge
   * that one program brings says nothing about who has none.
   */
  backoff(scopes: readonly string[], claims?: string): Backoff {
    const key = JSON.stringify([scopeKey(scopes), claims]);
    const known = this.#backoffs.get(key) ?? new Backoff();
    this.#backoffs.set(key, known);
    return known;
  }
}

/** The generation that counts. Whoever waited for something asks whether it still is the same. */
export class Generations {
  readonly #converse: () => Conversation;
  readonly #onChange: (current: Generation) => void;
  #current: Generation;

  /** `converse` opens a conversation over the stored cache; `onChange` hears of every generation but the first. */
  constructor(converse: () => Conversation, onChange: (current: Generation) => void) {
    this.#converse = converse;
    this.#onChange = onChange;
    this.#current = new Generation(converse());
  }

  get current(): Generation {
    return this.#current;
  }

  /** From now on another one counts, over the stored cache unless a conversation is given. */
  begin(conversation: Conversation = this.#converse()): Generation {
    return this.#follow(new Generation(conversation));
  }

  /** An older one goes on after all, with what its cache holds. */
  resume(generation: Generation): void {
    this.#follow(generation);
    generation.conversation.cache.reopen();
  }

  #follow(next: Generation): Generation {
    this.#current.conversation.cache.close();
    this.#current = next;
    this.#onChange(next);
    return next;
  }
}
