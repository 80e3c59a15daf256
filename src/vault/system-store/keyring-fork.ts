import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { KeyringPlace } from './keyring-store.ts';
import type { Store } from '../store/store.ts';
import { VaultError, type VaultErrorKind } from '../store/vault.ts';

/** A call to the process: the item's name and, for some calls, a second text. */
export interface KeyringQuestion {
  readonly ask: 'get' | 'put' | 'delete' | 'setAside';
  readonly name: string;
  readonly text: string;
}

/** Its answer. JSON has no undefined, so “no content” has a member of its own. */
export type KeyringAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'content'; readonly content: string }
  | { readonly kind: 'failed'; readonly message: string; readonly errorKind: VaultErrorKind };

/**
 * A burst of calls (a refresh saves two items) shares one process. It is not kept longer, because it occupies 45 MB
 * that are not needed until the next refresh, and a new one has a fresh connection.
 */
const IDLE_MS = 5000;

/**
 * The Secret Service through a separate process, started when needed. Contents pass through the pipe between parent and
 * child; the arguments contain only the place.
 */
export function forkedKeyring(entry: URL, place: KeyringPlace): Store {
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;

  function running(): ChildProcess {
    clearTimeout(idle);
    if (child?.connected !== true) {
      child = fork(fileURLToPath(entry), [JSON.stringify(place)], {
        execArgv: [],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
    }
    return child;
  }

  /** The child must not keep this process alive. It is killed by a signal, because keytar may block one of its threads. */
  function rest(of: ChildProcess): void {
    of.channel?.unref();
    of.unref();
    idle = setTimeout(() => end(of), IDLE_MS).unref();
  }

  function end(of: ChildProcess): void {
    of.kill('SIGKILL');
    if (child === of) child = undefined;
  }

  async function ask(question: KeyringQuestion): Promise<KeyringAnswer> {
    const to = running();
    to.ref();
    to.channel?.ref();
    try {
      return await answerOf(to, question);
    } finally {
      rest(to);
    }
  }

  /** A failure ends the process, so that the next call has a fresh connection. */
  async function content(call: KeyringQuestion['ask'], name: string, text = ''): Promise<string | undefined> {
    const answer = await ask({ ask: call, name, text });
    switch (answer.kind) {
      case 'done':
        return undefined;
      case 'content':
        return answer.content;
      case 'failed':
        if (child) end(child);
        throw new VaultError(answer.message, answer.errorKind);
    }
  }

  return {
    backend: place.backend,
    get: (name) => content('get', name),
    put: async (name, text) => {
      await content('put', name, text);
    },
    delete: async (name) => {
      await content('delete', name);
    },
    setAside: async (name, aside) => {
      await content('setAside', name, aside);
    },
  };
}

function answerOf(child: ChildProcess, question: KeyringQuestion): Promise<KeyringAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off('message', answered);
      child.off('exit', ended);
      child.off('error', ended);
    };
    const answered = (message: unknown): void => {
      settle();
      // From our own entry, over a channel that no other process has.
      resolve(message as KeyringAnswer);
    };
    const ended = (): void => {
      settle();
      reject(new VaultError('the process that speaks to the keyring has ended'));
    };
    child.on('message', answered);
    child.on('exit', ended);
    child.on('error', ended);
    child.send(question, (error) => {
      if (error !== null) ended();
    });
  });
}
