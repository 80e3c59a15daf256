import { isGuid } from '../system/guid.ts';
import { EXPIRY_MARGIN_MS } from '../agent/refresh/margin.ts';
import { problem } from '../words/problem.ts';
import type { AccessToken } from './access-token.ts';
import { getAccessToken } from './get-token.ts';
import type { TokenOptions } from './token-options.ts';
import { TokentrayError, type Trouble } from './tokentray-error.ts';
import { troubleOf } from './trouble.ts';

/** The part of `GetTokenOptions` (@azure/core-auth) that this credential reads. */
export interface CredentialRequest {
  readonly abortSignal?: {
    readonly aborted: boolean;
    addEventListener(type: 'abort', listener: () => void): void;
    removeEventListener(type: 'abort', listener: () => void): void;
  };
  readonly claims?: string;
  readonly tenantId?: string;
}

/** `AccessToken` of @azure/core-auth; times in milliseconds since the epoch. */
export interface CredentialToken {
  token: string;
  expiresOnTimestamp: number;
  refreshAfterTimestamp: number;
  tokenType: 'Bearer';
}

/**
 * No token is available: Tokentray is not running or not set up, or no user is signed in. After an error with this
 * name, `ChainedTokenCredential` tries the next credential, as for Azure's own.
 */
export class CredentialUnavailableError extends TokentrayError {
  override readonly name = 'CredentialUnavailableError';
}

/**
 * Gives Tokentray's tokens to Azure's SDKs: a `TokenCredential` of @azure/core-auth, which need not be installed.
 * Passes claims challenges (CAE) on.
 */
export class TokentrayCredential {
  readonly #options: Pick<TokenOptions, 'profile' | 'socketPath'>;

  constructor(options: Pick<TokenOptions, 'profile' | 'socketPath'> = {}) {
    const { profile, socketPath } = options;
    this.#options = { profile, socketPath };
  }

  /**
   * @throws CredentialUnavailableError if another credential may work; TokentrayError otherwise, also if a token of
   * another tenant is requested
   */
  async getToken(scopes: string | string[], request: CredentialRequest = {}): Promise<CredentialToken> {
    const { claims, tenantId, abortSignal } = request;
    const wait = waitOf(abortSignal);
    try {
      const given = await getAccessToken({ ...this.#options, scopes, claims, signal: wait.signal });
      checkTenant(given, tenantId);
      const expiresOnTimestamp = given.expiresOn.getTime();
      return {
        token: given.token,
        expiresOnTimestamp,
        refreshAfterTimestamp: expiresOnTimestamp - EXPIRY_MARGIN_MS,
        tokenType: 'Bearer',
      };
    } catch (error) {
      throw error instanceof TokentrayError && isUnavailable(error) ? unavailable(error) : error;
    } finally {
      wait.end();
    }
  }
}

function isUnavailable({ code, exitCode }: TokentrayError): boolean {
  return exitCode === 13 || exitCode === 10 || code === 'not-configured';
}

function unavailable(error: TokentrayError): CredentialUnavailableError {
  const { kind, code, next, retryAfterSeconds } = error;
  const message = error.message.slice(0, error.message.length - next.length).trimEnd();
  const trouble: Trouble = { kind, code, message, next, retryAfterSeconds };
  return new CredentialUnavailableError(trouble, { cause: error });
}

/** @throws TokentrayError `request.tenant` */
function checkTenant({ account }: AccessToken, wanted: string | undefined): void {
  const found = account?.tenantId;
  // A domain, which also names a tenant, cannot be compared with what a token says.
  if (wanted === undefined || found === undefined || !isGuid(wanted) || !isGuid(found)) return;
  if (wanted.toLowerCase() === found.toLowerCase()) return;
  throw new TokentrayError(troubleOf({ problem: problem('usage', 'request.tenant', { wanted, found }) }));
}

/** Azure's abort signals have an older interface than Node's. */
function waitOf(abortSignal: CredentialRequest['abortSignal']): {
  readonly signal: AbortSignal | undefined;
  end(): void;
} {
  if (abortSignal === undefined || abortSignal instanceof AbortSignal) {
    return { signal: abortSignal, end: () => undefined };
  }
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (abortSignal.aborted) abort();
  abortSignal.addEventListener('abort', abort);
  return { signal: controller.signal, end: () => abortSignal.removeEventListener('abort', abort) };
}
