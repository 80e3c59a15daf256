import { say, type ProblemWords } from '../../../words/say.ts';
import { html, type Html } from '../../../outlets/http/html.ts';
import { headingOf, headOf, trouble } from '../../../outlets/page.ts';
import { fileAddress } from './status.ts';

/** What `/` shows. */
export interface HomeView {
  readonly heading: string;
  readonly profileId: string;
  /** undefined if there is only one profile, which is not mentioned then. */
  readonly profileName: string | undefined;
  /** Why the last sign-in of this browser failed. */
  readonly signInProblem: ProblemWords | undefined;
  /** What is wrong with the session; for browsers without JavaScript, because the script shows it too. */
  readonly problem: ProblemWords | undefined;
  /** undefined if this browser's ticket is too old; then the user needs a new address. */
  readonly signInUrl: string | undefined;
  /** undefined while the user has to sign in. `head`: the first characters, as in the old application. */
  readonly signedIn:
    | {
        readonly name: string;
        readonly username: string;
        readonly token: { readonly head: string; readonly goodUntil: string } | undefined;
      }
    | undefined;
}

/**
 * The outcome of the sign-in, and below it the status that the script draws: the tray's Status page, read-only here.
 * What the script also shows is repeated for browsers without JavaScript.
 */
export function homePage(view: HomeView): string {
  const { heading, profileId, profileName } = view;
  const { markup } = html`<html lang="en">
    <head>
      ${headOf(heading)}
      <link rel="stylesheet" href="${fileAddress('status-web.css')}" />
      <script src="${fileAddress('status-web.js')}" defer></script>
    </head>
    <body class="wide" data-profile="${profileId}">
      <header>
        <div class="card stack">
          ${headingOf(heading, profileName)}${outcomeOf(view)}
          <div id="notice" role="status"></div>
        </div>
      </header>
      <div id="page">
        <main>
          <noscript>
            <div class="card stack">
              ${trouble(view.problem)}${factsOf(view)}
              <p class="soft">${say('web.home.without-script')}</p>
            </div>
          </noscript>
        </main>
      </div>
    </body>
  </html>`;
  return `<!doctype html>\n${markup}\n`;
}

/** What happened, and the link for the next step. */
function outcomeOf({ signInProblem, problem, signInUrl, signedIn }: HomeView): Html {
  if (signedIn === undefined)
    return html`${trouble(signInProblem)}${signInLink(signInUrl, say('web.sign-in'))}`;
  const { token } = signedIn;
  const head =
    token === undefined
      ? html``
      : html`<dl>
          <dt>${say('web.home.token')}</dt>
          <dd><code>${token.head}…</code></dd>
        </dl>`;
  const isWell = signInProblem === undefined && problem === undefined;
  return html`${trouble(signInProblem)}${head}
    ${isWell ? html`` : signInLink(signInUrl, say('web.sign-in-again'))}
    <p class="soft">${say('web.home.close')}</p>`;
}

function signInLink(url: string | undefined, text: string): Html {
  if (url === undefined) return html`<p>${say('web.ask-for-address')}</p>`;
  return html`<p><a class="button primary" href="${url}">${text}</a></p>`;
}

function factsOf({ signedIn }: HomeView): Html {
  if (signedIn === undefined) return html``;
  const { name, username, token } = signedIn;
  const goodUntil =
    token === undefined
      ? html``
      : html`<dt>${say('web.home.good-until')}</dt>
          <dd>${token.goodUntil}</dd>`;
  return html`<dl>
    <dt>${say('web.home.name')}</dt>
    <dd><bdi>${name}</bdi></dd>
    <dt>${say('web.home.mail')}</dt>
    <dd><bdi>${username}</bdi></dd>
    ${goodUntil}
  </dl>`;
}
