import type { Log } from '../../system/log/log.ts';
import { initialStatus, nextStatus, type Status, type StatusEvent } from './status.ts';

/** The current status and those who watch it. */
export class StatusBoard {
  readonly #log: Log;
  readonly #watchers = new Set<(status: Status) => void>();
  #status: Status = initialStatus;

  constructor(log: Log) {
    this.#log = log;
  }

  get status(): Status {
    return this.#status;
  }

  /** Calls `watcher` after every change and {@link announce}; the answer ends it. */
  watch(watcher: (status: Status) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  publish(event: StatusEvent): void {
    const next = nextStatus(this.#status, event);
    if (next === this.#status) return;
    this.#status = next;
    this.announce();
  }

  /** A watcher that throws is logged: whoever shows the status must not break who asks for a token. */
  announce(): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(this.#status);
      } catch (error) {
        this.#log.error('a watcher of the status failed', { error });
      }
    }
  }
}
