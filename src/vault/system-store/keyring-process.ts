import type { KeyringAnswer, KeyringQuestion } from './keyring-fork.ts';
import { keyringStore, type KeyringPlace } from './keyring-store.ts';
import { asVaultError } from '../store/unavailable.ts';

/**
 * The entry of a process that talks to the Secret Service for a process whose own connection is dead (see
 * reachable-store.ts). Its argument is the place; calls and answers pass over the channel to its parent.
 */
const [, , place = ''] = process.argv;
const opening = import('./extensions.ts').then((extensions) =>
  keyringStore(extensions, JSON.parse(place) as KeyringPlace),
);

async function answer(question: KeyringQuestion): Promise<KeyringAnswer> {
  try {
    const store = await opening;
    const content = await store[question.ask](question.name, question.text);
    return typeof content !== 'string' ? { kind: 'done' } : { kind: 'content', content };
  } catch (error) {
    const { message, kind } = asVaultError(error);
    return { kind: 'failed', message, errorKind: kind };
  }
}

process.on('message', (question) => {
  void answer(question as KeyringQuestion).then((reply) => process.send?.(reply));
});
// The parent has exited. A call that hangs blocks a thread, so an ordinary exit might wait for it forever.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
