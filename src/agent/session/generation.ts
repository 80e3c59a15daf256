import { scopeKey } from '../../config/profile/scopes.ts';
import type { Conversation } from '../authority/conversation.ts';
import { Backoff } from './backoff.ts';

/** More sets of scopes and challenges than programs use at a time. A script may make up a new one each time. */
const MOST_BACKOFFS = 100;

/**
 * The work of one session. A sign-out, a sign-in and a changed profile each begin a new generation; work begun in
 * an older one drops its result.
 */
export class Generation {
  readonly conversation: Conversation;
  /** The newest claims challenge that could not be met without the user. It goes into the next sign-in. */
  challenge: string | undefined;
  /** Whether a program was told that the user has to sign in, although the profile's own token is renewed. */
  isUserNeeded = false;
  readonly #backoffs = new Map<string, Backoff>();

  constructor(conversation: Conversation) {
    this.conversation = conversation;
  }

  /**
   * The backoff for these scopes. A resource that fails says nothing about another resource, and a challenge from
   * one program says nothing about requests without it.
   */
  backoff(scopes: readonly string[], claims?: string): Backoff {
    const key = JSON.stringify([scopeKey(scopes), claims]);
    const known = this.#backoffs.get(key) ?? new Backoff();
    // Last, as the one used most recently.
    this.#backoffs.delete(key);
    this.#backoffs.set(key, known);
    const [oldest] = this.#backoffs.keys();
    if (oldest !== undefined && this.#backoffs.size > MOST_BACKOFFS) this.#backoffs.delete(oldest);
    return known;
  }
}
