import { scopeKey } from '../../config/profile/scopes.ts';
import type { Conversation } from '../authority/conversation.ts';
import { Backoff } from './backoff.ts';

/**
 * The work of one session. A sign-out, a sign-in and a changed profile each begin a new generation; work begun in
 * an older one drops its result.
 */
export class Generation {
  readonly conversation: Conversation;
  /** The newest claims challenge that could not be met without the user. It goes into the next sign-in. */
  challenge: string | undefined;
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
    this.#backoffs.set(key, known);
    return known;
  }
}
