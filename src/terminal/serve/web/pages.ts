import { say, type ProblemWords } from '../../../words/say.ts';
import { html, type Html } from '../../../outlets/http/html.ts';
import { headingOf, headOf, trouble } from '../../../outlets/page.ts';
import { fileAddress } from './status.ts';

/** What `/` shows in every state of the session. */
export interface PageFrame {
  readonly profileId: string;
  /** undefined if there is only one profile, which is not mentioned then. */
  readonly profileName: string | undefined;
  /** Why the last sign-in of this browser failed. */
  readonly signInProblem: ProblemWords | undefined;
  /** What is wrong with the session; for browsers without JavaScript, because the script shows it too. */
  readonly problem: ProblemWords | undefined;
  /** undefined if this browser's ticket is too old; then the user needs a new address. */
  readonly signInUrl: string | undefined;
}

/** What `/` shows of a signed-in session. `head`: the first 50 characters, as in the old application. */
export interface SignedInView {
  readonly name: string;
  readonly username: string;
  readonly token: { readonly head: string; readonly goodUntil: string } | undefined;
}

function signInLink(url: string | undefined, text: string): Html {
  if (url === undefined) return html`<p>${say('web.ask-for-address')}</p>`;
  return html`<p><a class="button primary" href="${url}">${text}</a></p>`;
}

/** `/` while the user is signed in. */
export function signedInPage(view: SignedInView, frame: PageFrame): string {
  const { token } = view;
  const head =
    token === undefined
      ? html``
      : html`<dl>
          <dt>${say('web.home.token')}</dt>
          <dd><code>${token.head}…</code></dd>
        </dl>`;
  const isWell = frame.signInProblem === undefined && frame.problem === undefined;
  const visible = html`${trouble(frame.signInProblem)}${head}
    ${isWell ? html`` : signInLink(frame.signInUrl, say('web.sign-in-again'))}
    <p class="soft">${say('web.home.close')}</p>`;
  const goodUntil =
    token === undefined
      ? html``
      : html`<dt>${say('web.home.good-until')}</dt>
          <dd>${token.goodUntil}</dd>`;
  const withoutScript = html`${trouble(frame.problem)}
    <dl>
      <dt>${say('web.home.name')}</dt>
      <dd><bdi>${view.name}</bdi></dd>
      <dt>${say('web.home.mail')}</dt>
      <dd><bdi>${view.username}</bdi></dd>
      ${goodUntil}
    </dl>`;
  return homePage(say('session.signed-in', { name: view.name }), visible, withoutScript, frame);
}

/** `/` while the user has to sign in: what happened, the next step, and the link for it. */
export function signInPage(heading: string, frame: PageFrame): string {
  const link = signInLink(frame.signInUrl, say('web.sign-in'));
  return homePage(heading, html`${trouble(frame.signInProblem)}${link}`, trouble(frame.problem), frame);
}

/**
 * The outcome of the sign-in, and below it the status that the script draws: the tray's Status page, read-only here.
 * What the script also shows is repeated for browsers without JavaScript.
 */
function homePage(
  heading: string,
  outcome: Html,
  withoutScript: Html,
  { profileId, profileName }: PageFrame,
): string {
  const { markup } = html`<html lang="en">
    <head>
      ${headOf(heading)}
      <link rel="stylesheet" href="${fileAddress('status-web.css')}" />
      <script src="${fileAddress('status-web.js')}" defer></script>
    </head>
    <body class="wide" data-profile="${profileId}">
      <header>
        <div class="card stack">
          ${headingOf(heading, profileName)}${outcome}
          <div id="notice" role="status"></div>
        </div>
      </header>
      <div id="page">
        <main>
          <noscript>
            <div class="card stack">
              ${withoutScript}
              <p class="soft">${say('web.home.without-script')}</p>
            </div>
          </noscript>
        </main>
      </div>
    </body>
  </html>`;
  return `<!doctype html>\n${markup}\n`;
}
