import type { AccessToken, Account } from '../../agent/status/account.ts';
import type { Problem } from '../../words/problem.ts';
import { tokenBody } from '../../outlets/answer/answer.ts';
import { say } from '../../words/say.ts';

/** The forms in which a token is copied. */
export type CopyForm = 'bare' | 'header' | 'json';

/** What `tokentray token` would print: the token, its header line, or JSON. Reveals the token. */
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
 * A command that gets its token when it runs, so that it may stay in a shell's history. The header goes
 * through a pipe (curl's `-H @-`, since 7.55): nobody sees it in the list of processes. It ends where
 * the address begins. `profile` is an id, a slug that no shell reads differently.
 */
export function curlCommand(profile: string | undefined): string {
  const ofProfile = profile === undefined ? '' : ` --profile ${profile}`;
  return `tokentray token${ofProfile} --header | curl -H @- https://`;
}

/** What was copied, and how long it is good for. */
export function sayCopied(form: CopyForm, scopes: readonly string[] | undefined, time: string): string {
  if (scopes !== undefined) return say('menu.copied.scopes', { scopes: scopes.join(' '), time });
  switch (form) {
    case 'bare':
      return say('menu.copied', { time });
    case 'header':
      return say('menu.copied.header', { time });
    case 'json':
      return say('menu.copied.json', { time });
  }
}
