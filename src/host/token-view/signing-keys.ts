import { LIMITS } from '../../agent/network/network.ts';
import { SendError, type Send, type SendLimits } from '../../agent/network/send.ts';
import { SingleFlight } from '../../agent/refresh/single-flight.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { Log } from '../../system/log/log.ts';
import { askDiscovery, discoveryOutcome, discoveryUrl } from '../check-up/authority.ts';
import { readKeys, type Keys } from './jwt.ts';

/** The user is looking at a page meanwhile: an authority that is slower counts as unreachable. */
const KEY_LIMITS: SendLimits = { ...LIMITS, connectTimeoutMs: 5_000, totalTimeoutMs: 10_000 };

/**
 * Entra asks applications to check for new keys every 24 hours:
 * https://learn.microsoft.com/entra/identity-platform/signing-key-rollover
 */
export const KEYS_AGE_MS = 24 * 3600_000;

/** How soon a missing key or an unreachable authority is asked again: the page may ask on every status change. */
export const ASK_AGAIN_MS = 60_000;

interface Fetched {
  readonly at: number;
  /** Undefined if they could not be had. */
  readonly keys: Keys | undefined;
}

/** The keys that authorities sign with, kept for a day. */
export class SigningKeys {
  readonly #parts: { readonly send: Send; readonly now: () => number; readonly log: Log };
  readonly #fetched = new Map<string, Fetched>();
  readonly #flights = new SingleFlight<Fetched>();

  constructor({ send, now, log }: { readonly send: Send; readonly now: () => number; readonly log: Log }) {
    this.#parts = { send: (request) => send(request, KEY_LIMITS), now, log };
  }

  /** The key with this ID; undefined if the authority does not answer or has no such key. Never rejects. */
  async find(profile: Profile, kid: string): Promise<ReturnType<Keys['get']>> {
    const { now } = this.#parts;
    const id = discoveryUrl(profile);
    const before = this.#fetched.get(id);
    const known = before?.keys?.get(kid);
    // An age is only known as a difference: the clock may have been set back.
    const maxAgeMs = known === undefined ? ASK_AGAIN_MS : KEYS_AGE_MS;
    if (before !== undefined && Math.abs(now() - before.at) < maxAgeMs) return known;
    const { keys } = await this.#flights.run(id, async () => {
      const fetched = { at: now(), keys: await this.#fetch(profile) };
      this.#fetched.set(id, fetched);
      return fetched;
    });
    return keys?.get(kid);
  }

  async #fetch(profile: Profile): Promise<Keys | undefined> {
    const found = await this.#ask(profile);
    if (typeof found !== 'string') return found;
    this.#parts.log.info('no signing keys', { host: new URL(profile.authority).host, reason: found });
    return undefined;
  }

  /** The keys, or why there are none. */
  async #ask(profile: Profile): Promise<Keys | string> {
    const { send, now, log } = this.#parts;
    const found = await askDiscovery(profile, send, now);
    // A document that passes this check has a `jwks_uri` with https.
    if (found.kind !== 'answered' || (await discoveryOutcome(profile, found, now)).kind !== 'ok')
      return 'the authority does not describe itself';
    const url = String(Reflect.get(found.document ?? {}, 'jwks_uri'));
    try {
      const request = { method: 'GET' as const, url, headers: { accept: 'application/json' } };
      const { status, body } = await send({ ...request, body: undefined }, KEY_LIMITS);
      if (status !== 200) return `status ${status}`;
      return (await readKeys(JSON.parse(body))) ?? 'no key set';
    } catch (error) {
      if (error instanceof SendError || error instanceof SyntaxError) return error.name;
      log.error('the signing keys could not be read', { error });
      return 'unexpected';
    }
  }
}
