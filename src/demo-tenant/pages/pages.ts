import type { AadstsBody } from '../state/aadsts.ts';
import type { DemoUser } from '../state/directory.ts';
import { Html, html } from './html.ts';
import { PAGE_STYLE } from './page-style.ts';

/** The address of a form, and the sign-in it belongs to. */
export interface FormTarget {
  action: string;
  transaction: string;
}

/** The content of the sign-in page. */
export interface LoginContent {
  /** Filled in already. */
  username: string;
  /** Shown with their passwords, since this tenant protects nothing. */
  accounts: readonly DemoUser[];
  /** Why the last attempt failed. */
  problem: string | undefined;
}

/** Asks for username and password. */
export function loginPage(target: FormTarget, { username, accounts, problem }: LoginContent): Html {
  const known = accounts.map(
    (user) => html`<li><strong>${user.username}</strong>, password <code>${user.password}</code></li>`,
  );
  return layout(
    'Sign in',
    html`<h1>Sign in</h1>
      <p>to continue to Tokentray.</p>
      <form id="login" method="post" action="${target.action}">
        <input type="hidden" name="transaction" value="${target.transaction}" />
        <label for="username">Username</label>
        <input
          id="username"
          name="username"
          value="${username}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          ${username === '' ? html`autofocus` : undefined}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          ${username === '' ? undefined : html`autofocus`}
        />
        ${problem === undefined ? undefined : html`<p id="problem" class="wrong" role="alert">${problem}</p>`}
        <div class="actions">
          <button id="sign-in" name="action" value="sign-in" class="primary">Sign in</button>
          <button id="cancel" name="action" value="cancel" formnovalidate>Cancel</button>
        </div>
      </form>
      <details>
        <summary>Accounts of this tenant</summary>
        <ul>
          ${known}
        </ul>
      </details>`,
  );
}

/** Asks which of the signed-in accounts to use. */
export function accountPage(target: FormTarget, accounts: readonly DemoUser[]): Html {
  const choices = accounts.map(
    (user, index) =>
      html`<button id="account-${index}" name="account" value="${user.username}">
        <strong>${user.name}</strong><span>${user.username}</span>
      </button>`,
  );
  return layout(
    'Pick an account',
    html`<h1>Pick an account</h1>
      <p>to continue to Tokentray.</p>
      <form id="accounts" method="post" action="${target.action}">
        <input type="hidden" name="transaction" value="${target.transaction}" />
        <div class="accounts">
          ${choices}
          <button id="other-account" name="action" value="other-account">Use another account</button>
        </div>
        <div class="actions">
          <button id="cancel" name="action" value="cancel">Cancel</button>
        </div>
      </form>`,
  );
}

/** Asks the user to consent to the requested scopes. */
export function consentPage(target: FormTarget, user: DemoUser, scopes: readonly string[]): Html {
  return layout(
    'Permissions requested',
    html`<h1>Permissions requested</h1>
      <p>Tokentray asks to use these as <strong>${user.username}</strong>:</p>
      <ul id="scopes">
        ${scopes.map((scope) => html`<li>${scope}</li>`)}
      </ul>
      <form id="consent" method="post" action="${target.action}">
        <input type="hidden" name="transaction" value="${target.transaction}" />
        <div class="actions">
          <button id="accept" name="action" value="accept" class="primary">Accept</button>
          <button id="cancel" name="action" value="cancel">Cancel</button>
        </div>
      </form>`,
  );
}

/** Shows an error that must not be sent to the application. */
export function errorPage(code: number, body: AadstsBody): Html {
  const [message] = body.error_description.split(' Trace ID: ');
  return layout(
    'Sign-in cannot continue',
    html`<h1>Sign-in cannot continue</h1>
      <p id="message" class="wrong">${message}</p>
      <dl>
        <dt>Error code</dt>
        <dd id="error-code">AADSTS${code}</dd>
        <dt>Trace ID</dt>
        <dd>${body.trace_id}</dd>
        <dt>Correlation ID</dt>
        <dd>${body.correlation_id}</dd>
        <dt>Timestamp</dt>
        <dd>${body.timestamp}</dd>
      </dl>`,
  );
}

/** Says that the user has signed out. */
export function signedOutPage(): Html {
  return layout(
    'Signed out',
    html`<h1 id="signed-out">You signed out</h1>
      <p>You can close this window.</p>`,
  );
}

/**
 * Posts an authorization response to the application automatically, with a button for browsers without scripts.
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
 */
export function formPostPage(
  redirectUri: string,
  parameters: Readonly<Record<string, string>>,
  nonce: string,
): Html {
  const inputs = Object.entries(parameters).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return layout(
    'Back to the application',
    html`<h1>Back to Tokentray</h1>
      <p>If nothing happens, continue here.</p>
      <form id="response" method="post" action="${redirectUri}">
        ${inputs}
        <div class="actions"><button id="continue" class="primary">Continue</button></div>
      </form>
      <script nonce="${nonce}">
        document.forms[0].submit();
      </script>`,
  );
}

function layout(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Demo tenant</title>
        <style>
          ${new Html(PAGE_STYLE)}
        </style>
      </head>
      <body>
        <p>Demo tenant – not Microsoft</p>
        <main>${content}</main>
      </body>
    </html>`;
}
