import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { KeyringPlace } from './keyring-store.ts';
import type { Store } from '../store/store.ts';
import { VaultError, type VaultErrorKind } from '../store/vault.ts';

/** What the process is asked; its arguments are the item's name and, where there is one, a second text. */
export interface KeyringQuestion {
  readonly ask: 'get' | 'put' | 'delete' | 'setAside';
  readonly name: string;
  readonly text: string;
}

/** What it answers. JSON knows no undefined, so "no content" has a member of its own. */
export type KeyringAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'content'; readonly content: string }
  | { readonly kind: 'failed'; readonly message: string; readonly errorKind: VaultErrorKind };

/**
 * A burst of calls (a refresh saves two items) shares one process. Kept no longer, because it holds 45 MB
 * that nobody needs until the next refresh, and a new one has a fresh connection again.
 */
const IDLE_MS = 5000;

/**
 * The Secret Service as seen by a process of its own, started when it is needed. Contents pass through the
 * pipe between parent and child; arguments hold the place only.
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

  /** The child must not keep this process alive; killed by a signal, because keytar may hold a thread of it. */
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

  /** A failure ends the process: the next call begins with a fresh connection. */
  async function content(question: KeyringQuestion): Promise<string | undefined> {
    const answer = await ask(question);
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
    get: (name) => content({ ask: 'get', name, text: '' }),
    put: async (name, text) => {
      await content({ ask: 'put', name, text });
    },
    delete: async (name) => {
      await content({ ask: 'delete', name, text: '' });
    },
    setAside: async (name, text) => {
      await content({ ask: 'setAside', name, text });
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
      // From our own entry, over a channel that nobody else holds.
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
