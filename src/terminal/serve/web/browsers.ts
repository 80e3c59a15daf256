import { randomBytes } from 'node:crypto';
import { equalSecrets } from '../../../agent/sign-in/redirect.ts';
import type { Problem } from '../../../words/problem.ts';
import type { SignInAttempt } from '../../../agent/sign-in/sign-in.ts';

/** 256 bits each: a ticket or a cookie is not guessed. */
const RANDOM_BYTES = 32;
/** As long as a sign-in may take: who opens the address later asks for a new one. */
const TICKET_MS = 10 * 60_000;
/** A working day; afterwards a new link is one command away. */
export const COOKIE_SECONDS = 12 * 60 * 60;
/** One person has a few browsers; the oldest gives way. */
const MAX_BROWSERS = 16;
const MAX_TICKETS = 16;

interface Ticket {
  readonly value: string;
  readonly expiresAt: number;
  /** The id of the one profile that it signs in. */
  readonly profile: string;
}

/** How far one browser has come with signing in to one profile. */
export interface BrowserSignIn {
  /** The sign-in that this browser began; only it may bring the answer. */
  readonly attempt: SignInAttempt | undefined;
  /** Why the last one failed: shown on `/` until the next one begins. */
  readonly trouble: Problem | undefined;
}

/** A browser that came with a ticket. Its cookie's value is the only way to be it again. */
export interface Browser {
  readonly cookie: string;
  readonly admittedAt: number;
  readonly expiresAt: number;
  /** The id of the profile that it was invited to, or signed in to, last: what `/` shows. */
  shown: string;
  /** The ids of the profiles that it came with a ticket to, and that nobody has signed out of since. */
  readonly invited: Set<string>;
  /** By the profile's id: a person may have a tab for each. */
  readonly signIns: Map<string, BrowserSignIn>;
  /** The link on its own page, good for this browser only. */
  retry: Ticket | undefined;
}

/** What a ticket opened: for whoever holds the printed address, or the retry of one browser. */
export type Redeemed =
  | { readonly kind: 'printed'; readonly profile: string }
  | { readonly kind: 'retry'; readonly browser: Browser; readonly profile: string }
  | { readonly kind: 'refused' };

const random = (): string => randomBytes(RANDOM_BYTES).toString('base64url');

/** Tickets and browsers of `tokentray serve`: bounded, in memory only, compared in constant time. */
export class Browsers {
  readonly #cookieName: string;
  readonly #now: () => number;
  #tickets: readonly Ticket[] = [];
  #browsers: readonly Browser[] = [];

  /** The port is part of the cookie's name: cookies do not tell ports apart (RFC 6265 8.5). */
  constructor(port: number, now: () => number) {
    this.#cookieName = `tokentray-${port}`;
    this.#now = now;
  }

  /** A one-time ticket to a profile for the address that is printed. Several may be outstanding. */
  mintTicket(profile: string): string {
    const ticket = this.#newTicket(profile);
    this.#tickets = [...this.#tickets.slice(1 - MAX_TICKETS), ticket];
    return ticket.value;
  }

  /**
   * A one-time ticket to the profile that is shown, for the link on a browser's own page; it takes the
   * place of the last one. Only for as long as the printed one was good: the cookie alone, which other
   * servers on localhost are sent too, begins no sign-in later than that.
   */
  mintRetry(browser: Browser): string | undefined {
    const isNew = this.#now() < browser.admittedAt + TICKET_MS;
    browser.retry = isNew ? this.#newTicket(browser.shown) : undefined;
    return browser.retry?.value;
  }

  /** No browser that shows this profile counts any more; the next one comes with a ticket. */
  forget(profile: string): void {
    this.#browsers = this.#browsers.filter(({ shown }) => shown !== profile);
    for (const { signIns, invited } of this.#browsers) {
      signIns.delete(profile);
      invited.delete(profile);
    }
  }

  /** Uses a ticket up. A retry counts only in the browser it was made for. */
  redeem(value: string, browser: Browser | undefined): Redeemed {
    const fits = (ticket: Ticket | undefined): boolean =>
      ticket !== undefined && equalSecrets(ticket.value, value) && ticket.expiresAt > this.#now();
    if (browser !== undefined && fits(browser.retry)) {
      const profile = browser.retry?.profile ?? browser.shown;
      browser.retry = undefined;
      return { kind: 'retry', browser, profile };
    }
    const found = this.#tickets.filter(fits);
    const [ticket] = found;
    if (ticket === undefined) return { kind: 'refused' };
    this.#tickets = this.#tickets.filter((other) => !found.includes(other));
    return { kind: 'printed', profile: ticket.profile };
  }

  /**
   * A browser that came with a printed ticket to a profile, and the cookie to give it. One that was
   * `known` already gets a new cookie, the old one ends, and its other sign-ins go on.
   */
  admit(profile: string, known?: Browser): { readonly browser: Browser; readonly setCookie: string } {
    const admittedAt = this.#now();
    const browser: Browser = {
      cookie: random(),
      admittedAt,
      expiresAt: admittedAt + COOKIE_SECONDS * 1000,
      shown: profile,
      // The newest last: a page of this browser that is open shows them in this order.
      invited: new Set([...(known?.invited ?? []), profile]),
      signIns: known?.signIns ?? new Map<string, BrowserSignIn>(),
      retry: undefined,
    };
    const others = this.#browsers.filter((other) => other !== known);
    this.#browsers = [...others.slice(1 - MAX_BROWSERS), browser];
    // Lax, not Strict: the authority's redirect is a navigation from another site. Not Secure: this is http.
    const attributes = `Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax`;
    return { browser, setCookie: `${this.#cookieName}=${browser.cookie}; ${attributes}` };
  }

  /** The browser of a `Cookie` header. */
  find(cookieHeader: string | undefined): Browser | undefined {
    const values = (cookieHeader ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${this.#cookieName}=`))
      .map((pair) => pair.slice(this.#cookieName.length + 1));
    // Another server on localhost may have set one of the same name beside ours: any that is ours counts.
    return this.#browsers.find(
      (browser) =>
        browser.expiresAt > this.#now() && values.some((value) => equalSecrets(value, browser.cookie)),
    );
  }

  #newTicket(profile: string): Ticket {
    return { value: random(), expiresAt: this.#now() + TICKET_MS, profile };
  }
}
