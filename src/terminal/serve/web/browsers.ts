import { randomBytes } from 'node:crypto';
import { equalSecrets } from '../../../agent/sign-in/redirect.ts';
import type { Problem } from '../../../words/problem.ts';
import type { SignInAttempt } from '../../../agent/sign-in/sign-in.ts';

/** 256 bits each: tickets and cookies cannot be guessed. */
const RANDOM_BYTES = 32;
/** As long as a sign-in may take. After that the user needs a new address. */
const TICKET_MS = 10 * 60_000;
/** A working day. After that one command prints a new link. */
export const COOKIE_SECONDS = 12 * 60 * 60;
/** A user has a few browsers; the oldest is dropped. */
const MAX_BROWSERS = 16;
const MAX_TICKETS = 16;

interface Ticket {
  readonly value: string;
  readonly expiresAt: number;
  /** The id of the only profile that it signs in to. */
  readonly profile: string;
}

/** The state of a sign-in of one browser to one profile. */
export interface BrowserSignIn {
  /** The sign-in that this browser started; only this browser may deliver the answer. */
  readonly attempt: SignInAttempt | undefined;
  /** Why the last one failed; shown on `/` until the next one starts. */
  readonly trouble: Problem | undefined;
}

/** A browser that came with a ticket, recognized by its cookie only. */
export interface Browser {
  readonly cookie: string;
  readonly admittedAt: number;
  readonly expiresAt: number;
  /** The id of the profile that it was invited to, or signed in to, last; `/` shows it. */
  shown: string;
  /** The ids of the profiles for which it came with a ticket, until they are signed out. */
  readonly invited: Set<string>;
  /** By the profile's id: the user may have a tab for each. */
  readonly signIns: Map<string, BrowserSignIn>;
  /** The link on its own page, valid for this browser only. */
  retry: Ticket | undefined;
}

/** What a ticket opened: `printed` for any browser with the printed address, `retry` for one browser only. */
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

  /** The port is part of the cookie's name, because cookies are shared by all ports (RFC 6265 8.5). */
  constructor(port: number, now: () => number) {
    this.#cookieName = `tokentray-${port}`;
    this.#now = now;
  }

  /** A one-time ticket to a profile, for the printed address. Several can be valid at the same time. */
  mintTicket(profile: string): string {
    const ticket = this.#newTicket(profile);
    this.#tickets = [...this.#tickets.slice(1 - MAX_TICKETS), ticket];
    return ticket.value;
  }

  /**
   * A one-time ticket to the profile that is shown, for the link on a browser's own page. It replaces the last one.
   * Only for as long as the printed ticket was valid: later, the cookie alone, which other servers on localhost
   * receive too, must not start a sign-in.
   */
  mintRetry(browser: Browser): string | undefined {
    const isNew = this.#now() < browser.admittedAt + TICKET_MS;
    browser.retry = isNew ? this.#newTicket(browser.shown) : undefined;
    return browser.retry?.value;
  }

  /** Forgets the browsers that show this profile; they need a new ticket. */
  forget(profile: string): void {
    this.#browsers = this.#browsers.filter(({ shown }) => shown !== profile);
    for (const { signIns, invited } of this.#browsers) {
      signIns.delete(profile);
      invited.delete(profile);
    }
  }

  /** Uses up a ticket. A retry is valid only in the browser it was made for. */
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
   * Admits a browser that came with a printed ticket to a profile, and returns its cookie. A `known` browser gets a new
   * cookie, which replaces the old one, and keeps its other sign-ins.
   */
  admit(profile: string, known?: Browser): { readonly browser: Browser; readonly setCookie: string } {
    const admittedAt = this.#now();
    const browser: Browser = {
      cookie: random(),
      admittedAt,
      expiresAt: admittedAt + COOKIE_SECONDS * 1000,
      shown: profile,
      // The newest last: the open page of this browser shows them in this order.
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
    // Another server on localhost may have set a cookie of the same name, so any of them may be ours.
    return this.#browsers.find(
      (browser) =>
        browser.expiresAt > this.#now() && values.some((value) => equalSecrets(value, browser.cookie)),
    );
  }

  #newTicket(profile: string): Ticket {
    return { value: random(), expiresAt: this.#now() + TICKET_MS, profile };
  }
}
