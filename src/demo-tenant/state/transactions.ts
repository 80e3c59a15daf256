import { randomBytes } from 'node:crypto';
import { AadstsError } from './aadsts.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import type { DemoUser } from './directory.ts';

/** As long as a code is valid; a user who takes longer must start again. */
const TRANSACTION_LIFETIME_MS = 10 * 60_000;

/** One sign-in between the authorization request and its response. */
export interface Transaction {
  readonly id: string;
  /** The browser that started it. */
  readonly browser: string;
  readonly request: AuthorizeRequest;
  readonly expiresAt: number;
  /** Set once the user has signed in or has chosen an account. */
  user?: DemoUser;
  /** Whether the user asked for the sign-in page instead of a known account. */
  wantsOtherAccount: boolean;
}

/** The open sign-ins. Their ids are in the forms, so that another site cannot forge one. */
export class Transactions {
  readonly #now: () => number;
  readonly #open = new Map<string, Transaction>();

  constructor(now: () => number) {
    this.#now = now;
  }

  begin(browser: string, request: AuthorizeRequest): Transaction {
    for (const [id, { expiresAt }] of this.#open) {
      if (this.#now() >= expiresAt) this.#open.delete(id);
    }
    const transaction: Transaction = {
      id: randomBytes(16).toString('base64url'),
      browser,
      request,
      expiresAt: this.#now() + TRANSACTION_LIFETIME_MS,
      wantsOtherAccount: false,
    };
    this.#open.set(transaction.id, transaction);
    return transaction;
  }

  /** @throws AadstsError 165000 for a form that has expired, was already used, or is from another browser. */
  find(id: string | null, browser: string): Transaction {
    const transaction = this.#open.get(id ?? '');
    if (transaction?.browser !== browser || this.#now() >= transaction.expiresAt) {
      throw new AadstsError(165000);
    }
    return transaction;
  }

  end(transaction: Transaction): void {
    this.#open.delete(transaction.id);
  }
}
