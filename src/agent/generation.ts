import { scopeKey } from '../config/scopes.ts';
import { Backoff } from './backoff.ts';
import type { Conversation } from './conversation.ts';

/**
 * One session's worth of work: sign-out, sign-in and a changed profile begin a new one, and what began
 * in an older one drops its result (pizauth's AccountId).
 */
export class Generation {
  readonly conversation: Conversation;
  readonly #backoffs = new Map<string, Backoff>();

  constructor(conversation: Conversation) {
    this.conversation = conversation;
  }

  /** The failures of these scopes: one resource that fails says nothing about another. */
  backoff(scopes: readonly string[]): Backoff {
    const key = scopeKey(scopes);
    const known = this.#backoffs.get(key) ?? new Backoff();
    this.#backoffs.set(key, known);
    return known;
  }
}
