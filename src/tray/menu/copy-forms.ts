import type { AccessToken, Account } from '../../agent/status/account.ts';
import type { Problem } from '../../words/problem.ts';
import { tokenBody } from '../../outlets/answer/answer.ts';
import { say } from '../../words/say.ts';

/** The forms in which a token can be copied. */
export type CopyForm = 'bare' | 'header' | 'json';

/** What `tokentray token` prints: the token, its header line, or JSON. Reveals the token. */
export function copyText(
  form: CopyForm,
  answer: { readonly token: AccessToken; readonly warning: Problem | undefined },
  account: Account | undefined,
): string {
  const { token } = answer;
  switch (form) {
    case 'bare':
      return token.value.reveal();
    case 'header':
      return `Authorization: ${token.tokenType} ${token.value.reveal()}`;
    case 'json':
      return JSON.stringify(tokenBody(answer, account));
  }
}

/**
 * A command that gets its token when it runs, so it can stay in a shell's history. The header is piped (curl's
 * `-H @-`, since 7.55), so it does not appear in the process list. The user appends the rest of the address.
 * @param profile an ID, which is a slug and needs no quoting in a shell
 */
export function curlCommand(profile: string | undefined): string {
  const ofProfile = profile === undefined ? '' : ` --profile ${profile}`;
  return `tokentray token${ofProfile} --header | curl -H @- https://`;
}

const SAID = { bare: 'menu.copied', header: 'menu.copied.header', json: 'menu.copied.json' } as const;

/** What was copied, and until when it is valid. */
export function sayCopied(form: CopyForm, scopes: readonly string[] | undefined, time: string): string {
  if (scopes !== undefined) return say('menu.copied.scopes', { scopes: scopes.join(' '), time });
  return say(SAID[form], { time });
}
