import { recordMethods } from '../control/call-log.ts';
import { throwLater } from '../control/event.ts';
import { parseUrlPattern } from './url-pattern.ts';

type BeforeRequestListener = (
  details: Electron.OnBeforeRequestListenerDetails,
  callback: (response: Electron.CallbackResponse) => void,
) => void;

interface Registration {
  filter: Electron.WebRequestFilter;
  matches: (url: URL, type: Electron.OnBeforeRequestListenerDetails['resourceType']) => boolean;
  listener: BeforeRequestListener;
}

/** A session's `webRequest`. Only `onBeforeRequest` acts; a request waits as long as its listener does. */
export class StandInWebRequest implements Pick<Electron.WebRequest, 'onBeforeRequest'> {
  #beforeRequest: Registration | undefined;

  /** The last listener wins; null removes it. */
  onBeforeRequest(
    filterOrListener: Electron.WebRequestFilter | BeforeRequestListener | null,
    maybeListener?: BeforeRequestListener | null,
  ): void {
    const hasFilter = typeof filterOrListener === 'object' && filterOrListener !== null;
    const listener = hasFilter ? maybeListener : filterOrListener;
    if (listener === null) {
      this.#beforeRequest = undefined;
      return;
    }
    if (typeof listener !== 'function') throw new TypeError('Must pass null or a Function');
    this.#beforeRequest = register(hasFilter ? filterOrListener : { urls: ['<all_urls>'] }, listener);
  }

  /** Electron asks this once, when a request starts: without a listener then, no hop of it is ever shown to one. */
  _hasListener(): boolean {
    return this.#beforeRequest !== undefined;
  }

  /**
   * Shows one hop of a request to the listener.
   * @returns its answer; pending for as long as it does not call back
   */
  _beforeRequest(details: Electron.OnBeforeRequestListenerDetails): Promise<Electron.CallbackResponse> {
    const registration = this.#beforeRequest;
    if (!registration?.matches(new URL(details.url), details.resourceType)) return Promise.resolve({});
    return new Promise((resolve) => {
      try {
        registration.listener(details, resolve);
      } catch (error) {
        // As in Electron: the error surfaces, the request stays where it is.
        throwLater(error);
      }
    });
  }
}
recordMethods('WebRequest', StandInWebRequest);

function register(filter: Electron.WebRequestFilter, listener: BeforeRequestListener): Registration {
  if (filter.urls.length === 0) {
    throw new TypeError(
      'electron stand-in: an empty `urls` means different things in different versions of Electron; use <all_urls>',
    );
  }
  const included = filter.urls.map(parseUrlPattern);
  const excluded = (filter.excludeUrls ?? []).map(parseUrlPattern);
  const types: string[] | undefined = filter.types;
  return {
    filter,
    listener,
    matches: (url, type) =>
      (types === undefined || types.length === 0 || types.includes(type)) &&
      included.some((pattern) => pattern.matches(url)) &&
      !excluded.some((pattern) => pattern.matches(url)),
  };
}
