import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DemoUser } from './directory.ts';

/** Who has signed in, in this browser. */
const SESSION_COOKIE = 'demo_tenant_session';
/** Which browser a sign-in began in: its forms are accepted from no other. */
const BROWSER_COOKIE = 'demo_tenant_browser';

/** Single sign-on sessions, by the cookie of a browser (RFC 6265). */
export class Sessions {
  readonly #remember: (secret: string) => void;
  readonly #accounts = new Map<string, DemoUser[]>();

  /** `remember` is told every cookie value that is made, for the tests' search for leaks. */
  constructor(remember: (secret: string) => void) {
    this.#remember = remember;
  }

  /** The users signed in in the browser that sent this request. */
  accounts(request: IncomingMessage): readonly DemoUser[] {
    return this.#accounts.get(readCookie(request, SESSION_COOKIE) ?? '') ?? [];
  }

  /** Adds a user to the browser's session, under a new cookie value so that a planted one is worth nothing. */
  signIn(request: IncomingMessage, response: ServerResponse, user: DemoUser): void {
    const others = this.accounts(request).filter((account) => account !== user);
    this.#accounts.delete(readCookie(request, SESSION_COOKIE) ?? '');
    this.#accounts.set(this.#setCookie(response, SESSION_COOKIE), [user, ...others]);
  }

  /** Forgets the browser's session. */
  signOut(request: IncomingMessage, response: ServerResponse): void {
    this.#accounts.delete(readCookie(request, SESSION_COOKIE) ?? '');
    response.appendHeader('Set-Cookie', `${SESSION_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`);
  }

  /** Ends the sessions of one user, or of everybody, in all browsers. */
  revoke(user: DemoUser | undefined): void {
    for (const [id, accounts] of this.#accounts) {
      this.#accounts.set(
        id,
        accounts.filter((account) => user !== undefined && account !== user),
      );
    }
  }

  /** The mark of the browser, which is set if it has none yet. */
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

/** SameSite=None, as Entra sets it: the session must be seen by a sign-in that another site began. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=None';

function readCookie(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
