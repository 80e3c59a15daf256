import type { KeyringAnswer, KeyringQuestion } from './keyring-fork.ts';
import { keyringStore, type KeyringPlace } from './keyring-store.ts';
import type { Store } from '../store/store.ts';
import { asVaultError } from '../store/unavailable.ts';

/**
 * The entry of a process that speaks to the Secret Service for one whose own connection is dead (see
 * reachable-store.ts). Its argument is the place; questions and answers pass over the channel to its parent.
 */
const [, , place = ''] = process.argv;
const opening = import('./extensions.ts').then((extensions) =>
  keyringStore(extensions, JSON.parse(place) as KeyringPlace),
);

async function answer(question: KeyringQuestion): Promise<KeyringAnswer> {
  try {
    const content = await carryOut(await opening, question);
    return content === undefined ? { kind: 'done' } : { kind: 'content', content };
  } catch (error) {
    const { message, kind } = asVaultError(error);
    return { kind: 'failed', message, errorKind: kind };
  }
}

async function carryOut(store: Store, { ask, name, text }: KeyringQuestion): Promise<string | undefined> {
  switch (ask) {
    case 'get':
      return store.get(name);
    case 'put':
      await store.put(name, text);
      return undefined;
    case 'delete':
      await store.delete(name);
      return undefined;
    case 'setAside':
      await store.setAside(name, text);
      return undefined;
  }
}

process.on('message', (question) => {
  void answer(question as KeyringQuestion).then((reply) => process.send?.(reply));
});
// Its parent has ended. A call that hangs holds a thread, so an ordinary exit might wait for it for ever.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
