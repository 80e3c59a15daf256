import { randomBytes } from 'node:crypto';
import { AadstsError } from './aadsts.ts';
import type { DemoUser } from './directory.ts';

/** RFC 6749 section 4.1.2 recommends at most ten minutes, as Entra does. */
const CODE_LIFETIME_MS = 10 * 60_000;
/** https://learn.microsoft.com/entra/identity-platform/refresh-tokens#token-lifetime */
const REFRESH_TOKEN_LIFETIME_MS = 90 * 24 * 3_600_000;

/** The authorization that a code stands for. */
export interface Authorization {
  readonly user: DemoUser;
  readonly redirectUri: string;
  readonly scope: string;
  readonly nonce: string | undefined;
  /** S256 challenge (RFC 7636 section 4.2). */
  readonly codeChallenge: string | undefined;
}

/** The grant of a refresh token: it is not bound to a resource, like Entra's. */
export interface RefreshGrant {
  readonly user: DemoUser;
  /** The scope of the sign-in, for refresh requests without one. */
  readonly scope: string;
}

/** The issued codes and refresh tokens, in memory only. */
export class Grants {
  readonly #now: () => number;
  readonly #remember: (secret: string) => void;
  readonly #codes = new Map<string, { authorization: Authorization; expiresAt: number; redeemed: boolean }>();
  readonly #refreshTokens = new Map<
    string,
    { grant: RefreshGrant; expiresAt: number; used: boolean; revoked: boolean }
  >();

  /** `remember` is called with every new secret, for tests that search for leaks. */
  constructor(now: () => number, remember: (secret: string) => void) {
    this.#now = now;
    this.#remember = remember;
  }

  issueCode(authorization: Authorization): string {
    // Like Entra's codes, in their version prefix and approximate length.
    const code = this.#secret('1.A', 96);
    this.#codes.set(code, { authorization, expiresAt: this.#now() + CODE_LIFETIME_MS, redeemed: false });
    return code;
  }

  /**
   * Redeems a code once. `check` throws to refuse its authorization; the code then stays valid.
   * @throws AadstsError 54005 already redeemed, 70008 expired, 9002313 never issued.
   */
  redeemCode(code: string, check: (authorization: Authorization) => void): Authorization {
    const issued = this.#codes.get(code);
    if (issued === undefined) throw new AadstsError(9002313);
    if (issued.redeemed) throw new AadstsError(54005);
    if (this.#now() >= issued.expiresAt) throw new AadstsError(70008);
    check(issued.authorization);
    issued.redeemed = true;
    return issued.authorization;
  }

  issueRefreshToken(grant: RefreshGrant): string {
    const token = this.#secret('1.R', 128);
    const expiresAt = this.#now() + REFRESH_TOKEN_LIFETIME_MS;
    this.#refreshTokens.set(token, { grant, expiresAt, used: false, revoked: false });
    return token;
  }

  /** @throws AadstsError 50173 revoked, 700082 expired, 9002313 never issued; 70008 already used, if that is refused. */
  useRefreshToken(token: string, options: { refuseUsed: boolean }): RefreshGrant {
    const issued = this.#refreshTokens.get(token);
    if (issued === undefined) throw new AadstsError(9002313);
    if (issued.revoked) throw new AadstsError(50173);
    if (this.#now() >= issued.expiresAt) throw new AadstsError(700082);
    if (issued.used && options.refuseUsed) throw new AadstsError(70008, { detail: 'It was used before.' });
    issued.used = true;
    return issued.grant;
  }

  /** Revokes the refresh tokens and open codes of one user, or of all users. */
  revoke(user: DemoUser | undefined): void {
    for (const issued of this.#refreshTokens.values()) {
      if (user === undefined || issued.grant.user === user) issued.revoked = true;
    }
    for (const [code, { authorization, redeemed }] of this.#codes) {
      if (!redeemed && (user === undefined || authorization.user === user)) this.#codes.delete(code);
    }
  }

  #secret(prefix: string, bytes: number): string {
    const secret = prefix + randomBytes(bytes).toString('base64url');
    this.#remember(secret);
    return secret;
  }
}
