import type { ChildProcess } from 'node:child_process';
import { inspect } from 'node:util';
import type {
  ControlOperation,
  ControlOperations,
  ControlReply,
  ControlRequest,
} from './control-protocol.ts';

interface Waiting {
  operation: ControlOperation;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** Speaks to the stand-in inside a process started by the harness. */
export class ControlClient {
  readonly #child: ChildProcess;
  readonly #lastWords: () => string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watchers = new Set<() => void>();
  #lastId = 0;
  #ended: string | undefined;

  /** @param lastWords what the process wrote, for error messages */
  constructor(child: ChildProcess, lastWords: () => string) {
    this.#child = child;
    this.#lastWords = lastWords;
    child.on('message', (message) => this.#receive(message as ControlReply));
    child.once('close', (code, signal) => this.#end(`the process ended (${String(code ?? signal)})`));
    child.once('error', (error) => this.#end(error.message));
  }

  /** Asks for one operation. */
  ask<Name extends ControlOperation>(
    operation: Name,
    ...args: ControlOperations[Name]['args']
  ): Promise<ControlOperations[Name]['result']> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#error(operation, this.#ended));
        return;
      }
      const id = ++this.#lastId;
      this.#waiting.set(id, { operation, reject, resolve });
      this.#child.send({ standIn: 'request', id, operation, args } satisfies ControlRequest, (error) => {
        if (error) this.#settle(id, (one) => one.reject(this.#error(operation, error.message)));
      });
    });
  }

  /** Looks again whenever something changed, until what is looked for is there. */
  async waitUntil<Seen, Found>(
    what: string,
    look: () => Promise<Seen>,
    find: (seen: Seen) => Found | undefined,
    limitMs: number,
  ): Promise<Found> {
    let last: Seen | undefined;
    const end = performance.now() + limitMs;
    let wake: () => void = () => undefined;
    let changed = new Promise<void>((resolve) => (wake = resolve));
    const watcher = (): void => wake();
    this.#watchers.add(watcher);
    // A little later than the end, so that the look it causes is the last.
    const limit = setTimeout(watcher, limitMs + 5);
    try {
      for (;;) {
        last = await look();
        const found = find(last);
        if (found !== undefined) return found;
        if (performance.now() >= end) {
          const seen = inspect(last, { depth: 8, breakLength: 120 });
          throw new Error(`waited ${limitMs} ms for ${what}; last seen: ${seen}${this.#lastWords()}`);
        }
        if (this.#ended !== undefined) throw this.#error(`waiting for ${what}`, this.#ended);
        await changed;
        changed = new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      clearTimeout(limit);
      this.#watchers.delete(watcher);
    }
  }

  /** Makes every wait look again. */
  wake(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #receive(message: ControlReply): void {
    switch (message.standIn) {
      case 'reply':
        this.#settle(message.id, (one) => one.resolve(message.result));
        break;
      case 'refused':
        this.#settle(message.id, (one) => one.reject(new Error(`${one.operation}: ${message.message}`)));
        break;
      case 'changed':
        this.wake();
        break;
    }
  }

  #end(reason: string): void {
    this.#ended = reason;
    for (const id of [...this.#waiting.keys()]) {
      this.#settle(id, (one) => one.reject(this.#error(one.operation, reason)));
    }
    this.wake();
  }

  #settle(id: number, use: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting) use(waiting);
  }

  #error(what: string, reason: string): Error {
    return new Error(`${what}: ${reason}${this.#lastWords()}`);
  }
}
