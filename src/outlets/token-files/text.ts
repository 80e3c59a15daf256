import type { AccessToken, Account } from '../../agent/status/account.ts';
import type { TokenFile } from '../../config/profile/profile.ts';
import { tokenBody } from '../answer/answer.ts';

/**
 * RFC 6750's b64token, which includes every JWT: no character is special to a shell or to readers of `NAME=value`
 * lines, which treat quotes differently.
 */
const PLAIN_TOKEN = /^[\w.~+/=-]+$/u;

/** The text of a token file; undefined if its format cannot hold this token. Reveals the token. */
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
