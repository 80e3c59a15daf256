import { deferred } from '../control/deferred.ts';
import type { NetError } from './net-errors.ts';

/** The error that a `loadURL` promise rejects with in Electron. */
export interface LoadError extends Error {
  errno: number;
  code: string;
  url: string;
}

/**
 * The promise of one `loadURL`, settled by the page's events as Electron's `_awaitNextLoad` does it
 * (lib/browser/api/web-contents.ts).
 */
export class LoadPromise {
  readonly #url: string;
  readonly #deferred = deferred<undefined>();
  #failure: (NetError & { url: string }) | undefined;
  #started = false;
  #settled = false;

  constructor(url: string) {
    this.#url = url;
    // As in Electron, an ignored loadURL is not an unhandled rejection.
    this.#deferred.promise.catch(() => undefined);
  }

  get promise(): Promise<void> {
    return this.#deferred.promise;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** A main-frame navigation to another document starts: a second one overtakes the load. */
  started(url: string): void {
    if (this.#started) this.#reject({ code: -3, description: 'ERR_ABORTED', url });
    this.#started = true;
  }

  /** The product orders another load before this one has ended. */
  overtaken(url: string): void {
    this.#reject({ code: -3, description: 'ERR_ABORTED', url });
  }

  failed(error: NetError, url: string): void {
    this.#failure ??= { ...error, url };
  }

  finished(): void {
    if (this.#failure) this.#reject(this.#failure);
    else if (this.#started) this.#resolve();
  }

  /** Loading has stopped without an end: Electron calls that ERR_FAILED. */
  stopped(): void {
    if (!this.#started && !this.#failure) return;
    this.#reject(this.#failure ?? { code: -2, description: 'ERR_FAILED', url: this.#url });
  }

  destroyed(): void {
    this.#reject(this.#failure ?? { code: -2, description: 'ERR_FAILED', url: this.#url });
  }

  #resolve(): void {
    this.#settled = true;
    this.#deferred.resolve(undefined);
  }

  #reject({ code, description, url }: NetError & { url: string }): void {
    if (this.#settled) return;
    this.#settled = true;
    const error = new Error(`${description} (${code}) loading '${url.slice(0, 2048)}'`);
    this.#deferred.reject(Object.assign(error, { errno: code, code: description, url }) satisfies LoadError);
  }
}
