/** Problems of a sign-in or a session: `problem.sign-in.*`, `problem.interaction`, `problem.consent`, `problem.web.*` … */
export const signInProblems = {
  'problem.signed-out': 'Nobody is signed in.',
  'problem.signed-out.next': 'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
  'problem.sign-out.unclean': 'The sign-in window’s cookies or the clipboard could not be cleared.',
  'problem.sign-out.unclean.next':
    'Quit Tokentray: both end with it. Clear the clipboard yourself if it holds a token.',
  'problem.superseded': 'The session changed while the request was under way, so its result was dropped.',
  'problem.superseded.next': 'Ask again.',
  'problem.sign-in.window-closed': 'The sign-in window was closed before the sign-in was finished.',
  'problem.sign-in.window-closed.next':
    'Choose “Sign in…” to try again. If a page in it refused you, choose “Sign in with the system browser” first.',
  'problem.sign-in.timeout': 'The sign-in was not finished within {minutes} minutes.',
  'problem.sign-in.timeout.next': 'Start the sign-in again.',
  'problem.sign-in.superseded': 'A newer sign-in was started, so this one no longer counts.',
  'problem.sign-in.superseded.next': 'Finish the newer one.',
  'problem.sign-in.busy': 'A sign-in to {name} is under way.',
  'problem.sign-in.busy.next': 'Finish it in its window, or close that window; then try again.',
  'problem.sign-in.denied': 'The sign-in was cancelled, or the permissions were not granted.',
  'problem.sign-in.denied.next':
    'Sign in again and accept the permissions, or ask your administrator to grant them.',
  'problem.sign-in.state-mismatch':
    'The answer did not belong to this sign-in (its state is another one), so it was not used.',
  'problem.sign-in.state-mismatch.next':
    'Start the sign-in again; if it happens twice, tell your administrator.',
  'problem.sign-in.no-code': 'The authority sent the browser back without a code.',
  'problem.sign-in.no-code.next': 'Start the sign-in again.',
  'problem.sign-in.authority-error': 'The authority refused the sign-in: {detail}',
  'problem.sign-in.authority-error.next': 'Read the reason above, then sign in again.',
  'problem.sign-in.wrong-account': 'You signed in as {found}, but this session belongs to {expected}.',
  'problem.sign-in.wrong-account.next': 'Sign in as {expected}, or sign out first to change the account.',
  'problem.sign-in.nonce-mismatch':
    'The ID token does not belong to this sign-in (its nonce is another one).',
  'problem.sign-in.nonce-mismatch.next':
    'Start the sign-in again; if it happens twice, tell your administrator.',
  'problem.sign-in.page-failed': 'The sign-in page at {host} could not be loaded ({detail}).',
  'problem.sign-in.page-failed.next': 'Check the network connection, then choose “Sign in…” again.',
  'problem.sign-in.page-blocked':
    'The sign-in led to {host}, which is neither an https page nor the redirect URI, so it was stopped.',
  'problem.sign-in.page-blocked.next':
    'If your organisation’s sign-in really goes there, tell your administrator that it needs https.',
  'problem.sign-in.certificate': 'The certificate of {host} is not accepted ({detail}).',
  'problem.sign-in.certificate.next':
    'Enter no password there. Check the clock of this machine; where a company proxy inspects the traffic, ask your administrator to install its certificate in the system.',
  'problem.sign-in.proxy-login': 'The proxy {proxy} asks for a user name and a password.',
  'problem.sign-in.proxy-login.next':
    'The sign-in window cannot ask you for them: sign in with the browser, or ask your administrator for a proxy that knows this machine.',
  'problem.sign-in.server-login': 'The server {host} asks for a user name and a password of its own.',
  'problem.sign-in.server-login.next':
    'The sign-in window cannot ask you for them: sign in with the browser.',
  'problem.sign-in.browser-redirect': 'A browser’s answer at {redirectUri} cannot be received here.',
  'problem.sign-in.browser-redirect.next':
    'Take the mark off “Sign in with the system browser” in the menu, or register http://localhost with a port.',
  'problem.sign-in.no-browser': 'The system’s browser could not be opened.',
  'problem.sign-in.no-browser.next':
    'Choose a default browser in the system’s settings, or take the mark off “Sign in with the system browser” in the menu; then sign in again.',
  'problem.sign-in.page-crashed': 'The sign-in page stopped working.',
  'problem.sign-in.page-crashed.next': 'Choose “Sign in…” to try again.',
  'problem.sign-in.code-used': 'The authority says that the sign-in code was used already or is too old.',
  'problem.sign-in.code-used.next': 'Start the sign-in again.',
  'problem.interaction': 'The authority wants you to sign in again ({detail}).',
  'problem.interaction.next': 'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
  'problem.revoked': 'Your session was ended at the authority ({detail}).',
  'problem.revoked.next': 'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
  'problem.consent': 'A permission that this application asks for was not granted ({detail}).',
  'problem.consent.next':
    'Sign in again and accept the permissions, or ask your administrator to grant them.',
  'problem.conditional-access': 'Your organisation’s policy does not allow this sign-in ({detail}).',
  'problem.conditional-access.next': 'Ask your administrator which device or place the policy wants.',
  'problem.not-assigned': 'You are not assigned to this application ({detail}).',
  'problem.not-assigned.next':
    'Ask your administrator to assign you: Entra portal, Enterprise applications, Users and groups.',
  'problem.redirect-not-loopback':
    'tokentray serve wants a redirect URI on this machine; found: {redirectUri}.',
  'problem.redirect-not-loopback.next':
    'Register one like http://localhost:5000/getAToken in the Entra portal and import it.',
  'problem.web.not-opened': 'This address was not opened by you but by another page or program.',
  'problem.web.not-opened.next': 'Paste it into the browser’s address bar yourself; it still works.',
  'problem.web.ticket': 'This address was used already, is older than ten minutes, or is not complete.',
  'problem.web.ticket.next': 'Run tokentray sign-in for a new one.',
  'problem.web.other-browser': 'This browser did not begin the sign-in, so its answer was not used.',
  'problem.web.other-browser.next': 'Run tokentray sign-in and open the address in this browser.',
  'problem.web.no-cookie': 'This page is shown only to the browser that was invited.',
  'problem.web.no-cookie.next': 'Run tokentray sign-in and open the address in this browser.',
} as const;
