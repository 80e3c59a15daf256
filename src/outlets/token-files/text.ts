import type { AccessToken, Account } from '../../agent/status/account.ts';
import type { TokenFile } from '../../config/profile/profile.ts';
import { tokenBody } from '../answer/answer.ts';

/**
 * RFC 6750's b64token, which every JWT is: nothing in it means anything to a shell or to whoever reads
 * `NAME=value` lines, and those disagree about quotes.
 */
const PLAIN_TOKEN = /^[\w.~+/=-]+$/u;

/** What a token file holds, or undefined where its format cannot carry this token. Reveals the token. */
export function tokenFileText(
  format: TokenFile['format'],
  token: AccessToken,
  account: Account | undefined,
): string | undefined {
  switch (format) {
    case 'bare':
      return `${token.value.reveal()}\n`;
    case 'json':
      return `${JSON.stringify(tokenBody({ token, warning: undefined }, account))}\n`;
    case 'env': {
      const value = token.value.reveal();
      return PLAIN_TOKEN.test(value) ? `ACCESS_TOKEN=${value}\n` : undefined;
    }
  }
}
