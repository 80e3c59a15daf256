import { session, type Session } from 'electron';
import { intercept, type Interception, type SignInRequest } from './interception.ts';

/** In memory (no `persist:`): its cookies could sign the user in again, so they are lost when the application quits. */
const PARTITION = 'tokentray-sign-in';

/** Captures the redirect of the running attempt. */
export interface Interceptor {
  readonly redirectUri: string;
  readonly capture: (captured: Extract<Interception, { kind: 'capture' }>) => void;
}

/**
 * The Electron session of the sign-in window, which inspects every request (permissions and downloads are refused in
 * lockdown.ts). The listener is attached once, before any page is loaded: Electron keeps only the last listener, and
 * does not report requests that started without one.
 */
export class SignInSession {
  readonly #session: Session;
  #interceptor: Interceptor | undefined;
  #cleared: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#session = session.fromPartition(PARTITION, { cache: false });
    this.#session.webRequest.onBeforeRequest((details, answer) => {
      const interceptor = this.#interceptor;
      if (interceptor === undefined) {
        answer({ cancel: true });
        return;
      }
      const request: SignInRequest = {
        url: details.url,
        kind: details.resourceType === 'mainFrame' ? 'main-frame' : 'other',
        body: bodyOf(details.uploadData),
      };
      const decision = intercept(request, interceptor.redirectUri);
      answer({ cancel: decision.kind !== 'pass' });
      if (decision.kind === 'capture') interceptor.capture(decision);
    });
  }

  get electronSession(): Session {
    return this.#session;
  }

  /** Captures this attempt's redirect; `undefined` blocks all requests. */
  use(interceptor: Interceptor | undefined): void {
    this.#interceptor = interceptor;
  }

  /** Resolves when no clearing is running. Never rejects. */
  get cleared(): Promise<unknown> {
    return this.#cleared;
  }

  /** Clears cookies, storage, HTTP logins and connections, so that the next sign-in asks for the account. */
  clear(): Promise<void> {
    const clearing = this.#clear();
    this.#cleared = Promise.allSettled([this.#cleared, clearing]);
    return clearing;
  }

  async #clear(): Promise<void> {
    await this.#session.clearData();
    await this.#session.clearAuthCache();
    await this.#session.closeAllConnections();
  }
}

function bodyOf(parts: readonly { bytes?: Buffer }[] | undefined): string | undefined {
  if (parts === undefined || parts.length === 0) return undefined;
  return Buffer.concat(parts.flatMap(({ bytes }) => bytes ?? [])).toString('utf8');
}
