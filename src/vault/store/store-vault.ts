import { withinLimit } from '../../system/limit.ts';
import { selfTest } from './self-test.ts';
import { removeWithAside, setAside } from './set-aside.ts';
import type { Store } from './store.ts';
import { asVaultError } from './unavailable.ts';
import { quarantineName, VaultError, type Vault, type VaultItem } from './vault.ts';
import { Queue } from '../../system/queue.ts';

/**
 * How long one call may take. A keyring that was locked in mid-session shows a prompt: time to type a
 * password, and less than the 30 s after which HTTP clients of ours commonly give up.
 */
const CALL_LIMIT_MS = 20_000;

/**
 * A vault over a store. All calls, on whichever item, stand in one line: calls on one item
 * keep their order, and a store that hangs holds one thread of libuv's four, not all of them (file
 * system and DNS need the others).
 *
 * A call that is still waiting in line when its time is up is never carried out. One that had begun may
 * be carried out late, but before any call that was made after it.
 */
export function storeVault(store: Store, limitMs: number = CALL_LIMIT_MS): Vault {
  const items = new Map<string, VaultItem>();
  const queue = new Queue();

  function inLine<T>(work: () => Promise<T>): Promise<T> {
    let stage: 'waiting' | 'begun' | 'given-up' = 'waiting';
    const tooLate = (): VaultError =>
      new VaultError(`${wordFor(store)} did not answer within ${Math.round(limitMs / 1000)} s`);
    const result = queue.run(() => {
      if (stage === 'given-up') throw tooLate();
      stage = 'begun';
      return work();
    });
    return withinLimit(result, limitMs, () => {
      if (stage === 'waiting') stage = 'given-up';
      return tooLate();
    }).catch((error: unknown) => {
      throw asVaultError(error);
    });
  }

  function create(name: string): VaultItem {
    return {
      name,
      load: () =>
        inLine(async () => {
          const content = await store.get(name);
          return content === undefined ? undefined : decode(content);
        }),
      save: (text) => inLine(() => store.put(name, JSON.stringify(text))),
      remove: () => inLine(() => removeWithAside(store, name)),
      quarantine: (now) =>
        inLine(async () => {
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
    selfTest: () => inLine(() => selfTest(store)),
    item: (name) => {
      const known = items.get(name);
      if (known) return known;
      const made = create(name);
      items.set(name, made);
      return made;
    },
  };
}

/**
 * What is stored is a JSON string: keytar refuses an empty text and cuts one at a NUL character, a DPAPI
 * file of no bytes counts as none, and a text that lost its end is noticed by its missing quote.
 */
function decode(content: string): string {
  let text: unknown;
  try {
    text = JSON.parse(content);
  } catch (error) {
    // The parser's message quotes the content, so it is not passed on.
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof text === 'string') return text;
  throw new VaultError('the stored content is damaged', 'corrupt');
}

/** What the store is called in sentences. */
export function wordFor(store: Pick<Store, 'backend'>): string {
  switch (store.backend) {
    case 'secret-service':
      return 'the Secret Service';
    case 'keychain':
      return 'the Keychain';
    case 'dpapi':
      return 'Windows data protection';
    case 'encrypted-file':
    case 'plain-file':
      return 'the disk';
  }
}
