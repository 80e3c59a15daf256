import { scopeKey } from '../../config/profile/scopes.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { Log } from '../../system/log/log.ts';
import type { AccessToken, Account } from '../status/account.ts';
import type { Generation } from '../session/generation.ts';
import type { TokenRequest } from './lifetime.ts';
import { anotherAccount, wrongAccount } from '../sign-in/another-account.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import { SingleFlight } from './single-flight.ts';
import type { RefreshCause, StatusBoard } from '../status/status.ts';
import type { StoredSession } from '../session/stored-session.ts';

export type Renewal =
  | { readonly kind: 'renewed'; readonly token: AccessToken }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** The result of the profile's last refresh. `at` in milliseconds since the epoch. */
export type LastRefresh =
  | { readonly kind: 'refreshed'; readonly at: number; readonly cause: RefreshCause }
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly cause: RefreshCause;
      readonly reason: Problem;
    };

export interface RenewalParts {
  readonly profile: Profile;
  readonly stored: StoredSession;
  readonly board: StatusBoard;
  /** The current generation. */
  readonly generation: () => Generation;
  readonly now: () => number;
  readonly log: Log;
  /** Whether the agent ends: a request that has not been sent would be cut off, and its refresh token be lost. */
  readonly isEnding: () => boolean;
  /** False once another process owns the sessions: a refresh token that it uses as well may count as stolen. */
  readonly isOwner: () => Promise<boolean>;
}

export interface RenewalOrder {
  readonly account: Account;
  readonly scopes: readonly string[];
  readonly cause: RefreshCause;
  readonly claims: string | undefined;
}

/** The session has changed by the time the caller reads this: the next request is answered by the new one. */
const ASK_AGAIN_MS = 1_000;

/** The session changed while work was under way. */
export const superseded = problem('transient', 'superseded', {}, { retryAfterMs: ASK_AGAIN_MS });

/**
 * Refreshes. One at a time for equal requests, shared by all callers; backoff after a failure; results of an older
 * generation are dropped.
 */
export class Renewals {
  readonly #parts: RenewalParts;
  readonly #flights = new SingleFlight<Renewal>();
  #last: LastRefresh | undefined;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  /** The result of the default token's last refresh in this session; undefined before the first. */
  get last(): LastRefresh | undefined {
    return this.#last;
  }

  /** Obtains a new token, or joins an equal refresh under way. */
  renew(order: RenewalOrder): Promise<Renewal> {
    const { account, scopes, claims } = order;
    const key = JSON.stringify([account.homeAccountId, scopeKey(scopes), claims]);
    return this.#flights.run(key, () => this.#renew(order));
  }

  /** A new generation begins: refreshes under way cannot be joined, and the last result is not this one's. */
  forget(): void {
    this.#flights.forget();
    this.#last = undefined;
  }

  /** Resolves when no refresh is under way. */
  settled(): Promise<void> {
    return this.#flights.settled();
  }

  /**
   * Why to answer from memory: the wait after a failure is not over. Prevents callers from flooding the authority.
   */
  reasonToWait(request: TokenRequest, scopes: readonly string[]): Problem | undefined {
    if (request.fresh === 'always') return undefined;
    const now = this.#parts.now();
    const generation = this.#parts.generation();
    // An unreachable authority affects all scopes; a wrong scope or secret may affect one resource only.
    const ours = generation.backoff(this.#parts.profile.scopes).reasonToWait(now);
    if (ours !== undefined && (ours.kind === 'transient' || this.#isDefault(scopes))) return ours;
    return generation.backoff(scopes, request.claims).reasonToWait(now);
  }

  async #renew({ account, scopes, cause, claims }: RenewalOrder): Promise<Renewal> {
    const { board, stored, log, now } = this.#parts;
    const generation = this.#parts.generation();
    const hasEnded = (): boolean => generation !== this.#parts.generation();
    const isDefault = this.#isDefault(scopes);
    if (isDefault && claims === undefined) board.publish({ kind: 'refresh-started', cause });
    const answer = await generation.conversation.ask(async (authority) => {
      const { isEnding, isOwner } = this.#parts;
      if (isEnding() || !(await isOwner())) throw new ProblemError(superseded);
      const undo = await generation.conversation.cache.checkpoint();
      const grant = await authority.renew({ account, scopes, claims });
      const another = anotherAccount(account, grant.account);
      if (another === undefined) return grant;
      undo();
      throw new ProblemError(wrongAccount(another, 'refresh'));
    });
    if (hasEnded()) return { kind: 'failed', problem: superseded };
    if (answer.kind === 'failed') {
      const { code, params, reference } = answer.problem;
      // Other parameters can be names of users.
      log.warn('refresh failed', { cause, problem: code, detail: params.detail, ...reference });
      return this.#failed(withClaims(answer.problem, claims), { scopes, cause, claims });
    }
    const token = await stored.keep(answer.value, scopes);
    if (hasEnded()) return { kind: 'failed', problem: superseded };
    generation.backoff(scopes, claims).succeeded();
    if (!isDefault || claims !== undefined) generation.isUserNeeded = false;
    if (claims !== undefined && generation.challenge === claims) generation.challenge = undefined;
    log.info('refreshed', { cause, expiresOn: new Date(token.expiresOn).toISOString() });
    if (isDefault) {
      generation.backoff(scopes).succeeded();
      this.#last = { kind: 'refreshed', at: now(), cause };
      board.publish({ kind: 'refreshed', account: answer.value.account, expiresOn: token.expiresOn });
    }
    return { kind: 'renewed', token };
  }

  /**
   * A failed refresh of an extra scope, or with a program's own challenge, fails for that caller only. If it needs
   * the user, the next request is sent without a wait, because consent may be given elsewhere at any time. The
   * challenge is sent with the next sign-in.
   */
  #failed(reason: Problem, { scopes, cause, claims }: Omit<RenewalOrder, 'account'>): Renewal {
    const { board, now, generation } = this.#parts;
    const isInteraction = reason.kind === 'interaction';
    if (isInteraction && reason.claims !== undefined) generation().challenge = reason.claims;
    const isOurs = this.#isDefault(scopes) && claims === undefined;
    if (!isOurs && isInteraction) {
      generation().isUserNeeded = true;
      return { kind: 'failed', problem: reason };
    }
    const at = now();
    const nextTryAt = generation()
      .backoff(scopes, isOurs ? undefined : claims)
      .failed(reason, at);
    if (isOurs) {
      this.#last = { kind: 'failed', at, cause, reason };
      board.publish({ kind: 'refresh-failed', problem: reason, at, nextTryAt });
    }
    return { kind: 'failed', problem: { ...reason, retryAfterMs: nextTryAt - at } };
  }

  /** The profile's status shows the default token only. */
  #isDefault(scopes: readonly string[]): boolean {
    return scopeKey(scopes) === scopeKey(this.#parts.profile.scopes);
  }
}

/** Keeps a resource's challenge for the next sign-in even if the authority did not repeat it (CAE). */
function withClaims(reason: Problem, claims: string | undefined): Problem {
  if (reason.kind !== 'interaction' || claims === undefined || reason.claims !== undefined) return reason;
  return { ...reason, claims };
}
