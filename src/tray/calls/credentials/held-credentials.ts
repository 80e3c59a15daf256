import { randomUUID } from 'node:crypto';
import { registrationName, type Credential } from '../../../config/credential/credential.ts';
import type { Profile } from '../../../config/profile/profile.ts';
import type { HeldCredential } from '../../../pages/bridge/contract.ts';
import type { NamedRegistration } from './named-registration.ts';

/** More files than anybody tries one after the other in one form; the oldest goes first. */
const HELD_MAX = 16;

interface Held {
  readonly credential: Credential;
  readonly registration: NamedRegistration;
}

/**
 * Credentials that were read from a file or a text and belong to no profile yet: in memory only, until a profile
 * is saved with them or the window is closed. A page knows no more of each than a random name. Each goes to one
 * registration only: the one that was named beside it, and where none was, the one that it was first used for.
 */
export class HeldCredentials {
  readonly #held = new Map<string, Held>();

  /** `registration`: what was named beside it. */
  hold(credential: Credential, registration: NamedRegistration = {}): HeldCredential {
    const handle = randomUUID();
    this.#held.set(handle, { credential, registration });
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD_MAX && oldest !== undefined) this.#held.delete(oldest);
    return { kind: 'held', handle };
  }

  /** undefined where it was dropped, or never held. */
  get(handle: string): Credential | undefined {
    return this.#held.get(handle)?.credential;
  }

  /** The registration that it belongs to where that is another one than this profile's. */
  elsewhere(handle: string, profile: Profile): Pick<Profile, 'authority' | 'clientId'> | undefined {
    const owner = { ...profile, ...this.#held.get(handle)?.registration };
    return registrationName(owner) === registrationName(profile) ? undefined : owner;
  }

  /** From now on it belongs to this profile's registration. */
  bind(handle: string, { authority, clientId }: Profile): void {
    const held = this.#held.get(handle);
    if (held !== undefined) this.#held.set(handle, { ...held, registration: { authority, clientId } });
  }

  drop(handle: string): void {
    this.#held.delete(handle);
  }

  /** Nobody is there any more who could use them. */
  clear(): void {
    this.#held.clear();
  }
}
