import { createPublicKey, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { askDiscovery, discoveryOutcome, discoveryUrl } from '../check-up/authority.ts';
import { LIMITS } from '../../agent/network/network.ts';
import { SendError, type Send, type SendLimits } from '../../agent/network/send.ts';
import { SingleFlight } from '../../agent/refresh/single-flight.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { Log } from '../../system/log/log.ts';

/** Somebody looks at a page meanwhile: what takes longer is as good as offline. */
const KEY_LIMITS: SendLimits = { ...LIMITS, connectTimeoutMs: 5_000, totalTimeoutMs: 10_000 };

/** Entra asks programs to look for new keys once a day (Learn, "Signing key rollover"). */
export const KEYS_AGE_MS = 24 * 3600_000;

/**
 * A key that is not there, and an authority that does not answer, are asked for again after this: the page may
 * ask on every change of the status.
 */
export const ASK_AGAIN_MS = 60_000;

/** RFC 7518 section 3.3: "A key of size 2048 bits or larger MUST be used". */
const LEAST_KEY_BITS = 2048;

/** Public keys (RFC 7517) by their `kid`. */
type Keys = ReadonlyMap<string, KeyObject>;

interface Fetched {
  readonly at: number;
  /** undefined where they could not be had. */
  readonly keys: Keys | undefined;
}

const discoverySchema = v.object({ jwks_uri: v.pipe(v.string(), v.url(), v.startsWith('https://')) });
const jwksSchema = v.object({ keys: v.array(v.unknown()) });
const rsaSchema = v.object({
  kty: v.literal('RSA'),
  kid: v.string(),
  use: v.optional(v.literal('sig')),
  n: v.string(),
  e: v.string(),
});

/** The keys that authorities sign with, kept for a day. */
export class SigningKeys {
  readonly #send: Send;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #fetched = new Map<string, Fetched>();
  readonly #flights = new SingleFlight<Fetched>();

  constructor(parts: { readonly send: Send; readonly now: () => number; readonly log: Log }) {
    this.#send = (request) => parts.send(request, KEY_LIMITS);
    this.#now = parts.now;
    this.#log = parts.log;
  }

  /** The key of this name; undefined where the authority does not answer, or has none. Never rejects. */
  async find(profile: Profile, kid: string): Promise<KeyObject | undefined> {
    const id = discoveryUrl(profile);
    const before = this.#fetched.get(id);
    const key = before?.keys?.get(kid);
    if (before !== undefined && this.#isGood(before, key)) return key;
    const { keys } = await this.#flights.run(id, async () => {
      const fetched = { at: this.#now(), keys: await this.#fetch(profile) };
      this.#fetched.set(id, fetched);
      return fetched;
    });
    return keys?.get(kid);
  }

  #isGood({ at }: Fetched, key: KeyObject | undefined): boolean {
    // A clock that was set back says nothing about an age.
    const age = Math.abs(this.#now() - at);
    return age < (key === undefined ? ASK_AGAIN_MS : KEYS_AGE_MS);
  }

  async #fetch(profile: Profile): Promise<Keys | undefined> {
    const found = await this.#ask(profile);
    if (typeof found !== 'string') return found;
    this.#log.info('no signing keys', { host: new URL(profile.authority).host, reason: found });
    return undefined;
  }

  /** The keys, or why there are none. */
  async #ask(profile: Profile): Promise<Keys | string> {
    const found = await askDiscovery(profile, this.#send, this.#now);
    const isOurs = found.kind === 'answered' && discoveryOutcome(profile, found).kind === 'ok';
    if (!isOurs || !v.is(discoverySchema, found.document)) return 'the authority does not describe itself';
    const url = found.document.jwks_uri;
    try {
      const request = { method: 'GET' as const, url, headers: { accept: 'application/json' } };
      const { status, body } = await this.#send({ ...request, body: undefined }, KEY_LIMITS);
      if (status !== 200) return `status ${status}`;
      return readKeys(JSON.parse(body)) ?? 'no key set';
    } catch (error) {
      if (error instanceof SendError || error instanceof SyntaxError) return error.name;
      this.#log.error('the signing keys could not be read', { error });
      return 'unexpected';
    }
  }
}

/** RSA keys for signatures; others, and what is no key, are left out. */
function readKeys(document: unknown): Keys | undefined {
  if (!v.is(jwksSchema, document)) return undefined;
  const keys = new Map<string, KeyObject>();
  for (const jwk of document.keys) {
    const key = v.is(rsaSchema, jwk) ? publicKey(jwk) : undefined;
    if (key !== undefined) keys.set(key.kid, key.key);
  }
  return keys;
}

function publicKey({
  kty,
  kid,
  n,
  e,
}: v.InferOutput<typeof rsaSchema>): { readonly kid: string; readonly key: KeyObject } | undefined {
  try {
    const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_KEY_BITS ? undefined : { kid, key };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
