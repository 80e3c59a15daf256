import { say, type ProblemWords } from '../words/say.ts';
import { html, type Html } from '../outlets/html.ts';
import { page, trouble } from '../outlets/page.ts';

/** What every page of a session tells around its news. */
export interface PageFrame {
  /** What the profile is called; undefined where there is only one, which is not spoken of. */
  readonly profileName: string | undefined;
  readonly problem: ProblemWords | undefined;
  /** undefined: this browser came too long ago; the next address is a command away. */
  readonly signInUrl: string | undefined;
}

/** What `/` shows of a signed-in session. `tokenHead` is the first 50 characters, as the old application showed. */
export interface SignedInView {
  readonly name: string;
  readonly username: string;
  readonly token: { readonly head: string; readonly goodUntil: string } | undefined;
}

function signInLink(url: string | undefined, text: string): Html {
  if (url === undefined) return html`<p>${say('web.ask-for-address')}</p>`;
  return html`<p><a class="button" href="${url}">${text}</a></p>`;
}

/** `/` of somebody signed in. */
export function signedInPage(view: SignedInView, { profileName, problem, signInUrl }: PageFrame): string {
  const token =
    view.token === undefined
      ? html``
      : html`<dt>${say('web.home.token')}</dt>
          <dd><code>${view.token.head}…</code></dd>
          <dt>${say('web.home.good-until')}</dt>
          <dd>${view.token.goodUntil}</dd>`;
  return page(
    say('session.signed-in', { name: view.name }),
    html`${trouble(problem)}
      <dl>
        <dt>${say('web.home.name')}</dt>
        <dd>${view.name}</dd>
        <dt>${say('web.home.mail')}</dt>
        <dd>${view.username}</dd>
        ${token}
      </dl>
      ${problem === undefined ? html`` : signInLink(signInUrl, say('web.sign-in-again'))}
      <p>${say('web.home.close')}</p>`,
    profileName,
  );
}

/** `/` while somebody has to sign in: what happened, the next step, and the way to take it. */
export function signInPage(heading: string, { profileName, problem, signInUrl }: PageFrame): string {
  return page(heading, html`${trouble(problem)}${signInLink(signInUrl, say('web.sign-in'))}`, profileName);
}
