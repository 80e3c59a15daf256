import type { SignInVia } from '../agent/sign-in.ts';

/** How people sign in to each profile: in the window unless they found that the browser works better. */
export interface SignInWays {
  wayOf(profileId: string): SignInVia;
  remember(profileId: string, way: SignInVia): void;
}

/** Remembers until the application ends. */
export class WaysInMemory implements SignInWays {
  readonly #ways = new Map<string, SignInVia>();

  wayOf(profileId: string): SignInVia {
    return this.#ways.get(profileId) ?? 'window';
  }

  remember(profileId: string, way: SignInVia): void {
    this.#ways.set(profileId, way);
  }
}
