import { parseJson } from '../../system/json.ts';
import { withinLimit } from '../../system/limit.ts';
import { selfTest } from './self-test.ts';
import { removeWithAside, setAside } from './set-aside.ts';
import type { Store } from './store.ts';
import { asVaultError } from './unavailable.ts';
import { quarantineName, VaultError, type Vault, type VaultItem } from './vault.ts';
import { Queue } from '../../system/queue.ts';

/**
 * How long one call may take. A keyring that was locked during the session shows a prompt: this is enough time to type
 * a password, and less than the 30 s after which HTTP clients commonly give up.
 */
const CALL_LIMIT_MS = 20_000;

/**
 * A vault over a store. All calls, on all items, share one queue: calls on one item keep their order, and a store that
 * hangs occupies one of libuv's four threads (the file system and DNS need the others).
 *
 * A call that is still queued when its time is up is never carried out. A call that had started may complete late, but
 * before any call made after it.
 */
export function storeVault(store: Store, limitMs: number = CALL_LIMIT_MS): Vault {
  const queue = new Queue();

  function queued<T>(work: () => Promise<T>): Promise<T> {
    let stage: 'queued' | 'started' | 'given-up' = 'queued';
    const tooLate = (): VaultError =>
      new VaultError(`${wordFor(store)} did not answer within ${Math.round(limitMs / 1000)} s`);
    const result = queue.run(() => {
      if (stage === 'given-up') throw tooLate();
      stage = 'started';
      return work();
    });
    return withinLimit(result, limitMs, () => {
      if (stage === 'queued') stage = 'given-up';
      return tooLate();
    }).catch((error: unknown) => {
      throw asVaultError(error);
    });
  }

  function item(name: string): VaultItem {
    return {
      name,
      load: () =>
        queued(async () => {
          const content = await store.get(name);
          return content === undefined ? undefined : decode(content);
        }),
      save: (text) => queued(() => store.put(name, JSON.stringify(text))),
      remove: () => queued(() => removeWithAside(store, name)),
      quarantine: (now) =>
        queued(async () => {
          const aside = quarantineName(name, now);
          await setAside(store, name, aside);
          return aside;
        }),
    };
  }

  return {
    backend: store.backend,
    unavailable: undefined,
    retry: () => Promise.resolve(),
    selfTest: () => queued(() => selfTest(store)),
    item,
  };
}

/**
 * The stored content is a JSON string: keytar refuses an empty text and cuts a text at a NUL character, an empty DPAPI
 * file counts as missing, and a truncated text is detected by its missing quote.
 */
function decode(content: string): string {
  const text = parseJson(content);
  if (typeof text === 'string') return text;
  throw new VaultError('the stored content is damaged', 'corrupt');
}

/** The store's name in sentences. */
export function wordFor(store: Pick<Store, 'backend'>): string {
  return WORDS[store.backend];
}

const WORDS: Readonly<Record<Store['backend'], string>> = {
  'secret-service': 'the Secret Service',
  keychain: 'the Keychain',
  dpapi: 'Windows data protection',
  'encrypted-file': 'the disk',
  'plain-file': 'the disk',
};
