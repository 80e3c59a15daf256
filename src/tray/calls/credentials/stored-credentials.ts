import type { Agent } from '../../../agent/agent.ts';
import { lookAtCredential } from '../../../config/credential/credential.ts';
import { VaultError, type Vault } from '../../../vault/store/vault.ts';
import { credentialFacts, type CredentialFacts } from './view.ts';

/**
 * How long a store that refused is not asked again. A locked keyring shows a prompt each time: whoever closed one
 * must not get the next while they read the page, and whoever unlocks it elsewhere sees that within a minute.
 */
const REFUSED_MS = 60_000;

const UNAVAILABLE: CredentialFacts = { kind: 'unavailable' };

/** The store has refused, and whom that was told of. */
interface Refusal {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly agents: WeakSet<Agent>;
  /** Whether the vault says itself that it waits for the store, and so will say when it has it. */
  vault: 'waits' | 'says nothing';
}

/** The profiles' credentials as far as they are known by now. */
export interface CredentialsSeen {
  readonly known: ReadonlyMap<Agent, CredentialFacts>;
  /** Resolves when the others are known as well; undefined where there are none. */
  readonly rest: Promise<unknown> | undefined;
}

/**
 * What there is to tell of the profiles' credentials. Each is looked at once an agent: one that is stored anew
 * comes with a new agent, and a keyring is too slow to be asked with every change on the screen.
 */
export class StoredCredentials {
  readonly #vault: Vault;
  readonly #now: () => number;
  readonly #looks = new WeakMap<Agent, Promise<CredentialFacts>>();
  #refusal: Refusal | undefined;
  /**
   * One after the other: a keyring answers no sooner if it is asked a hundred things at once, and whoever waits
   * for that long is taken for hanging when the application ends (vault/limit.ts).
   */
  #last: Promise<unknown> = Promise.resolve();

  /** `now`: milliseconds since the epoch. */
  constructor(vault: Vault, now: () => number = Date.now) {
    this.#vault = vault;
    this.#now = now;
  }

  /** Never rejects for a store that refuses: it is told of as such, and not asked again for a minute. */
  of(agent: Agent): Promise<CredentialFacts> {
    const refusal = this.#refusalNow();
    if (refusal?.agents.has(agent) === true) return Promise.resolve(UNAVAILABLE);
    const known = this.#looks.get(agent);
    if (known !== undefined) return known;
    const look = this.#last.then(async () => {
      const meanwhile = this.#refusalNow();
      const isRefusedAlready = meanwhile !== undefined && meanwhile !== refusal;
      // While this one waited for its turn, the store refused another: it would say the same again.
      const facts = isRefusedAlready ? UNAVAILABLE : await this.#look(agent);
      if (facts.kind === 'unavailable')
        this.#refuse(agent, isRefusedAlready ? meanwhile : this.#refusedNow());
      return facts;
    });
    this.#looks.set(agent, look);
    this.#last = look.catch(() => this.#looks.delete(agent));
    return look;
  }

  /** What is known of them once all are, or when `limit` is over. Rejects as {@link of}. */
  async seen(agents: readonly Agent[], limit: Promise<unknown>): Promise<CredentialsSeen> {
    const known = new Map<Agent, CredentialFacts>();
    const all = Promise.all(agents.map(async (agent) => known.set(agent, await this.of(agent))));
    const first = await Promise.race([all, limit.then(() => 'late' as const)]);
    // A copy: what comes later is not what was told.
    return { known: new Map(known), rest: first === 'late' ? all : undefined };
  }

  async #look({ profile }: Agent): Promise<CredentialFacts> {
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
    this.#looks.delete(agent);
    refusal.agents.add(agent);
    this.#refusal = refusal;
  }

  /** Another one each time the store was asked, so that whoever waits sees that it was. */
  #refusedNow(): Refusal {
    return {
      until: this.#now() + REFUSED_MS,
      agents: this.#refusal?.agents ?? new WeakSet(),
      vault: this.#vault.unavailable === undefined ? 'says nothing' : 'waits',
    };
  }

  /** undefined where the store may be asked: the time is over, or the vault has the store back. */
  #refusalNow(): Refusal | undefined {
    const refusal = this.#refusal;
    if (refusal === undefined) return undefined;
    const isWaiting = this.#vault.unavailable !== undefined;
    if (this.#now() >= refusal.until || (refusal.vault === 'waits' && !isWaiting)) this.#refusal = undefined;
    else if (isWaiting) refusal.vault = 'waits';
    return this.#refusal;
  }
}
