import type { Agent } from '../../../agent/agent.ts';
import { lookAtCredential } from '../../../config/credential/credential.ts';
import { VaultError, type Vault } from '../../../vault/store/vault.ts';
import { credentialFacts, type CredentialFacts } from './view.ts';
import { Queue } from '../../../system/queue.ts';

/**
 * How long a store is not asked again after a refusal. A locked keyring shows a prompt each time: a user who closed
 * one must not get the next while reading the page, and sees within a minute that it was unlocked elsewhere.
 */
const REFUSED_MS = 60_000;

const UNAVAILABLE: CredentialFacts = { kind: 'unavailable' };

/** A refusal of the store, and the agents that were answered with it. */
interface Refusal {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly agents: WeakSet<Agent>;
  /** `waits`: the vault reports that it is waiting for the store, so it will also report when the store is back. */
  vault: 'waits' | 'says nothing';
}

/** The profiles' credentials as far as they are known by now. */
interface CredentialsSeen {
  readonly known: ReadonlyMap<Agent, CredentialFacts>;
  /** Resolves when the rest are known too; undefined if all are. */
  readonly rest: Promise<unknown> | undefined;
}

/**
 * The facts of the profiles' credentials. Each is looked up once per agent: a credential that is stored again comes
 * with a new agent, and a keyring is too slow to be asked on every redraw.
 */
export class StoredCredentials {
  readonly #vault: Vault;
  readonly #now: () => number;
  readonly #lookUps = new WeakMap<Agent, Promise<CredentialFacts>>();
  #refusal: Refusal | undefined;
  /**
   * One after the other: a keyring does not answer faster when asked a hundred things at once, and calls that wait
   * that long are treated as hanging when the application quits (src/system/limit.ts).
   */
  readonly #queue = new Queue();

  /** @param now milliseconds since the epoch */
  constructor(vault: Vault, now: () => number = Date.now) {
    this.#vault = vault;
    this.#now = now;
  }

  /** Resolves to `unavailable` if the store refuses, and does not ask it again for a minute. */
  of(agent: Agent): Promise<CredentialFacts> {
    const refusal = this.#refusalNow();
    if (refusal?.agents.has(agent) === true) return Promise.resolve(UNAVAILABLE);
    const known = this.#lookUps.get(agent);
    if (known !== undefined) return known;
    const lookUp = this.#queue.run(async () => {
      const meanwhile = this.#refusalNow();
      const isRefusedAlready = meanwhile !== undefined && meanwhile !== refusal;
      // While this one was queued the store refused another: it would refuse this one too.
      const facts = isRefusedAlready ? UNAVAILABLE : await this.#lookUp(agent);
      if (facts.kind === 'unavailable')
        this.#refuse(agent, isRefusedAlready ? meanwhile : this.#newRefusal());
      return facts;
    });
    this.#lookUps.set(agent, lookUp);
    lookUp.catch(() => this.#lookUps.delete(agent));
    return lookUp;
  }

  /** What is known once all are, or when `limit` resolves. Rejects as {@link of}. */
  async seen(agents: readonly Agent[], limit: Promise<unknown>): Promise<CredentialsSeen> {
    const known = new Map<Agent, CredentialFacts>();
    const all = Promise.all(agents.map(async (agent) => known.set(agent, await this.of(agent))));
    const first = await Promise.race([all, limit.then(() => 'late' as const)]);
    // A copy, because later answers still go into the original.
    return { known: new Map(known), rest: first === 'late' ? all : undefined };
  }

  async #lookUp({ profile }: Agent): Promise<CredentialFacts> {
    try {
      const facts = credentialFacts(await lookAtCredential(this.#vault, profile));
      const isHidden = facts.kind === 'none' && this.#vault.unavailable !== undefined;
      return isHidden ? UNAVAILABLE : facts;
    } catch (error) {
      if (error instanceof VaultError) return UNAVAILABLE;
      throw error;
    }
  }

  #refuse(agent: Agent, refusal: Refusal): void {
    this.#lookUps.delete(agent);
    refusal.agents.add(agent);
    this.#refusal = refusal;
  }

  /** A new object each time the store was asked, so that queued look-ups can tell that it was. */
  #newRefusal(): Refusal {
    return {
      until: this.#now() + REFUSED_MS,
      agents: this.#refusal?.agents ?? new WeakSet(),
      vault: this.#vault.unavailable === undefined ? 'says nothing' : 'waits',
    };
  }

  /** undefined if the store may be asked: the time is up, or the vault has the store back. */
  #refusalNow(): Refusal | undefined {
    const refusal = this.#refusal;
    if (refusal === undefined) return undefined;
    const isWaiting = this.#vault.unavailable !== undefined;
    if (this.#now() >= refusal.until || (refusal.vault === 'waits' && !isWaiting)) this.#refusal = undefined;
    else if (isWaiting) refusal.vault = 'waits';
    return this.#refusal;
  }
}
