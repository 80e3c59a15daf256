import { randomUUID } from 'node:crypto';
import { registrationName, type Credential } from '../../../config/credential/credential.ts';
import type { Profile } from '../../../config/profile/profile.ts';
import type { HeldCredential } from '../../../pages/bridge/contract.ts';
import type { NamedRegistration } from './named-registration.ts';

/** More files than a user tries in one form; the oldest is dropped first. */
const HELD_MAX = 16;

interface Held {
  readonly credential: Credential;
  readonly registration: NamedRegistration;
}

/**
 * Credentials that were read from a file or a text for a profile that is not saved yet. They are kept in memory
 * only, until the profile is saved or the window is closed; a page knows only a random handle. Each is used for one
 * registration only: the one named beside it, or else the one it is first used for.
 */
export class HeldCredentials {
  readonly #held = new Map<string, Held>();

  /** @param registration what was named beside the credential */
  hold(credential: Credential, registration: NamedRegistration = {}): HeldCredential {
    const handle = randomUUID();
    this.#held.set(handle, { credential, registration });
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD_MAX && oldest !== undefined) this.#held.delete(oldest);
    return { kind: 'held', handle };
  }

  /** undefined if it was dropped or never held. */
  get(handle: string): Credential | undefined {
    return this.#held.get(handle)?.credential;
  }

  /** The registration that it belongs to, if that is not this profile's. */
  elsewhere(handle: string, profile: Profile): Pick<Profile, 'authority' | 'clientId'> | undefined {
    const owner = { ...profile, ...this.#held.get(handle)?.registration };
    return registrationName(owner) === registrationName(profile) ? undefined : owner;
  }

  /** Ties it to this profile's registration. */
  bind(handle: string, { authority, clientId }: Profile): void {
    const held = this.#held.get(handle);
    if (held !== undefined) this.#held.set(handle, { ...held, registration: { authority, clientId } });
  }

  drop(handle: string): void {
    this.#held.delete(handle);
  }

  clear(): void {
    this.#held.clear();
  }
}
