import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DemoUser } from './directory.ts';

/** Identifies the accounts signed in in this browser. */
const SESSION_COOKIE = 'demo_tenant_session';
/** Identifies the browser that started a sign-in: its forms are not accepted from another one. */
const BROWSER_COOKIE = 'demo_tenant_browser';

/** Single sign-on sessions, by the cookie of a browser (RFC 6265). */
export class Sessions {
  readonly #remember: (secret: string) => void;
  readonly #accounts = new Map<string, DemoUser[]>();

  /** `remember` is called with every new cookie value, for tests that search for leaks. */
  constructor(remember: (secret: string) => void) {
    this.#remember = remember;
  }

  /** The users signed in in the request's browser. */
  accounts(request: IncomingMessage): readonly DemoUser[] {
    return this.#accounts.get(readCookie(request, SESSION_COOKIE) ?? '') ?? [];
  }

  /** Adds a user to the browser's session, under a new cookie value against session fixation. */
  signIn(request: IncomingMessage, response: ServerResponse, user: DemoUser): void {
    const others = this.accounts(request).filter((account) => account !== user);
    this.#accounts.delete(readCookie(request, SESSION_COOKIE) ?? '');
    this.#accounts.set(this.#setCookie(response, SESSION_COOKIE), [user, ...others]);
  }

  /** Ends the browser's session. */
  signOut(request: IncomingMessage, response: ServerResponse): void {
    this.#accounts.delete(readCookie(request, SESSION_COOKIE) ?? '');
    response.appendHeader('Set-Cookie', `${SESSION_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`);
  }

  /** Ends the sessions of one user, or of all users, in all browsers. */
  revoke(user: DemoUser | undefined): void {
    for (const [id, accounts] of this.#accounts) {
      const left = user === undefined ? [] : accounts.filter((account) => account !== user);
      this.#accounts.set(id, left);
    }
  }

  /** The browser's mark, which is set if it has none yet. */
  markBrowser(request: IncomingMessage, response: ServerResponse): string {
    return readCookie(request, BROWSER_COOKIE) ?? this.#setCookie(response, BROWSER_COOKIE);
  }

  #setCookie(response: ServerResponse, name: string): string {
    const value = randomBytes(32).toString('base64url');
    this.#remember(value);
    response.appendHeader('Set-Cookie', `${name}=${value}; ${ATTRIBUTES}`);
    return value;
  }
}

/** SameSite=None, as Entra sets it: a sign-in started by another site must see the session. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=None';

function readCookie(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
