import { session, type Session } from 'electron';
import { intercept, type Interception } from './interception.ts';

/** In memory (no `persist:`): its cookies sign the user in again, so they end with the application. */
const PARTITION = 'tokentray-sign-in';

/** What the session does for the attempt that is under way. */
export interface Interceptor {
  readonly redirectUri: string;
  readonly capture: (captured: Extract<Interception, { kind: 'capture' }>) => void;
}

/**
 * The browser session of the sign-in window: every request looked at (permissions and downloads:
 * lockdown.ts). The listener is attached once for the life of the session, before any page is loaded:
 * Electron keeps only the last one, and a request begun without one is never shown (facts/electron.md 1.2).
 */
export class SignInSession {
  readonly #session: Session;
  #interceptor: Interceptor | undefined;
  #cleared: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#session = session.fromPartition(PARTITION, { cache: false });
    this.#session.webRequest.onBeforeRequest((details, answer) => {
      const decision = this.#decide({
        url: details.url,
        kind: details.resourceType === 'mainFrame' ? 'main-frame' : 'other',
        body: bodyOf(details.uploadData),
      });
      answer({ cancel: decision.kind !== 'pass' });
      if (decision.kind === 'capture') this.#interceptor?.capture(decision);
    });
  }

  get electronSession(): Session {
    return this.#session;
  }

  /** From now on this attempt's redirect is captured; with `undefined` nothing is loaded at all. */
  use(interceptor: Interceptor | undefined): void {
    this.#interceptor = interceptor;
  }

  /** Resolves, and never rejects, when no clearing is under way any more. */
  get cleared(): Promise<unknown> {
    return this.#cleared;
  }

  /** Cookies, storage, HTTP logins and open connections: the next sign-in asks who. */
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

  #decide(request: Parameters<typeof intercept>[0]): Interception {
    return this.#interceptor === undefined
      ? { kind: 'block' }
      : intercept(request, this.#interceptor.redirectUri);
  }
}

function bodyOf(parts: readonly { bytes?: Buffer }[] | undefined): string | undefined {
  if (parts === undefined || parts.length === 0) return undefined;
  return Buffer.concat(parts.flatMap(({ bytes }) => bytes ?? [])).toString('utf8');
}
