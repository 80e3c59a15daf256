import { VaultError } from '../../vault/store/vault.ts';
import type { Authority } from './authority.ts';
import type { ProfileCache } from './cache.ts';
import { classify, readFailure, type Asker } from '../failures/failures.ts';
import { replacedProblem } from '../failures/thrown.ts';
import type { TokenNetwork } from '../network/network.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import { Queue } from '../../system/queue.ts';

/** The authority's answer: the value, or a classified problem. */
export type Answer<Value> =
  { readonly kind: 'ok'; readonly value: Value } | { readonly kind: 'failed'; readonly problem: Problem };

/**
 * An authority with its cache. Calls are made one at a time
 * (https://github.com/AzureAD/microsoft-authentication-library-for-js/issues/3498).
 */
export interface Conversation {
  readonly cache: ProfileCache;
  /** Runs `work` after the calls before it. A throw becomes a classified problem, worded for what was asked `during`. */
  ask<Value>(
    work: (authority: Authority) => Promise<Value>,
    during?: Problem['during'],
  ): Promise<Answer<Value>>;
}

/** Opens a conversation. `connect` is called with the first question, and again if it failed. */
export function openConversation(options: {
  connect: () => Promise<Authority>;
  cache: ProfileCache;
  network: TokenNetwork;
  redirectUri: string;
  /** Called when a refusal is classified. */
  asker?: () => Asker;
}): Conversation {
  let authority: Authority | undefined;
  const queue = new Queue();

  const askNow = async <Value>(
    work: (authority: Authority) => Promise<Value>,
    during: Problem['during'],
  ): Promise<Answer<Value>> => {
    options.network.takeObservation();
    try {
      authority ??= await options.connect();
      return { kind: 'ok', value: await work(authority) };
    } catch (error) {
      const reason = problemOf(error, during);
      // The credential may be wrong: the next question uses the one that is stored by then.
      if (reason.kind === 'admin') authority = undefined;
      return { kind: 'failed', problem: reason };
    }
  };

  const problemOf = (error: unknown, during: Problem['during']): Problem => {
    if (error instanceof ProblemError) return error.problem;
    if (error instanceof VaultError)
      return problem('storage', 'storage.unavailable', { detail: error.message });
    const replaced = replacedProblem(error);
    if (replaced !== undefined) return replaced;
    const failure = readFailure(error, options.network.takeObservation());
    const asker = { ...options.asker?.(), ...(during === undefined ? {} : { during }) };
    return classify(failure, options.redirectUri, asker);
  };

  return {
    cache: options.cache,
    ask: (work, during) => queue.run(() => askNow(work, during)),
  };
}
