/** Problems of a sign-in or a session: `problem.sign-in.*`, `problem.interaction`, `problem.consent`, `problem.web.*` … */
export const signInProblems = {
  'problem.signed-out': 'You are signed out.',
  'problem.signed-out.next': 'Sign in.',
  'problem.signed-out.next.terminal': 'Sign in: tokentray sign-in{forProfile}',
  'problem.sign-out.unclean': 'The sign-in window’s cookies or the clipboard could not be cleared.',
  'problem.sign-out.unclean.next':
    'Quit Tokentray to clear both. If the clipboard still contains a token, clear it yourself.',
  'problem.superseded': 'The session changed during the request, so the result was discarded.',
  'problem.superseded.next': 'Try again.',
  'problem.sign-in.window-closed': 'The sign-in window was closed before the sign-in was finished.',
  'problem.sign-in.window-closed.next': 'Sign in again.',
  'problem.sign-in.window-closed.next.terminal': 'Sign in again: tokentray sign-in{forProfile}',
  'problem.sign-in.window-closed.next.tray':
    'Sign in again. If a page in the window refused you, first choose “Sign in with the system browser” in the tray menu.',
  'problem.sign-in.timeout': 'The sign-in was not finished within {minutes} minutes.',
  'problem.sign-in.timeout.next': 'Sign in again.',
  'problem.sign-in.timeout.next.terminal': 'Sign in again: tokentray sign-in{forProfile}',
  'problem.sign-in.superseded': 'A newer sign-in replaced this one.',
  'problem.sign-in.superseded.next': 'Finish the newer one.',
  'problem.sign-in.busy': 'A sign-in to {name} is in progress.',
  'problem.sign-in.busy.next': 'Finish it in its window or close that window, then try again.',
  'problem.sign-in.denied': 'The sign-in was canceled, or the permissions were not granted.',
  'problem.sign-in.denied.next':
    'Sign in again and accept the permissions, or ask your administrator to grant them.',
  'problem.sign-in.state-mismatch':
    'The response was not for this sign-in (its state differs), so it was not used.',
  'problem.sign-in.state-mismatch.next': 'Sign in again. If this happens again, tell your administrator.',
  'problem.sign-in.no-code': 'The authority returned to Tokentray without a code.',
  'problem.sign-in.no-code.next': 'Sign in again.',
  'problem.sign-in.no-code.next.terminal': 'Sign in again: tokentray sign-in{forProfile}',
  'problem.sign-in.authority-error': 'The authority refused the sign-in ({detail}).',
  'problem.sign-in.authority-error.next':
    'Sign in again. If this continues, tell your administrator the code in parentheses.',
  'problem.sign-in.wrong-account': 'You signed in as {found}, but this session belongs to {expected}.',
  'problem.sign-in.wrong-account.next': 'Sign in as {expected}, or sign out first to change accounts.',
  'problem.another-account':
    'The authority renewed the token for another account, {found}; this session belongs to {expected}.',
  'problem.another-account.next': 'Sign in as {expected}, or sign out first to change accounts.',
  'problem.sign-in.nonce-mismatch': 'The ID token was not issued for this sign-in (its nonce differs).',
  'problem.sign-in.nonce-mismatch.next': 'Sign in again. If this happens again, tell your administrator.',
  'problem.sign-in.issuer-mismatch':
    'The response did not come from the profile’s provider (its issuer is missing or differs), so it was not used.',
  'problem.sign-in.issuer-mismatch.next': 'Sign in again. If this happens again, tell your administrator.',
  'problem.no-refresh-token':
    'The provider granted no refresh token, so Tokentray cannot renew the access token.',
  'problem.no-refresh-token.next':
    'Sign in again when the token has expired, or ask the provider’s administrator to allow offline_access.',
  'problem.id-token': 'The provider’s ID token is not valid for this application ({detail}).',
  'problem.id-token.next':
    'Check that this machine’s clock is right and that the issuer and the client ID are those of the registration.',
  'problem.id-token-algorithm':
    'The provider signed the ID token with {algorithm}, which Tokentray does not accept.',
  'problem.id-token-algorithm.next':
    'Ask the provider’s administrator to sign the ID tokens of this client with RS256, PS256 or ES256.',
  'problem.sign-in.page-failed': 'The sign-in page at {host} could not be loaded ({detail}).',
  'problem.sign-in.page-failed.next': 'Check the network connection, then sign in again.',
  'problem.sign-in.page-blocked':
    'The sign-in led to {host}, which is neither an https page nor the redirect URI, so it was stopped.',
  'problem.sign-in.page-blocked.next':
    'If your organization’s sign-in really uses this page, tell your administrator that it must use https.',
  'problem.sign-in.certificate': 'The certificate of {host} is not trusted ({detail}).',
  'problem.sign-in.certificate.next':
    'Do not enter a password there. Check this machine’s clock. If a company proxy inspects the traffic, ask your administrator to install its certificate in the system.',
  'problem.sign-in.proxy-login': 'The proxy {proxy} asks for a user name and a password.',
  'problem.sign-in.proxy-login.next':
    'The sign-in window cannot ask you for them. Sign in with the browser, or ask your administrator for a proxy that recognizes this machine.',
  'problem.sign-in.server-login': 'The server {host} asks for its own user name and password.',
  'problem.sign-in.server-login.next':
    'The sign-in window cannot ask you for them. Sign in with the browser.',
  'problem.sign-in.browser-redirect': 'A browser’s response at {redirectUri} cannot be received here.',
  'problem.sign-in.browser-redirect.next':
    'Register http://localhost with a port as the redirect URI, or let the tray sign in with its own window: tokentray import FILE{forProfile} --sign-in window',
  'problem.sign-in.browser-redirect.next.tray':
    'In the tray menu, clear the check mark at “Sign in with the system browser”, or register http://localhost with a port as the redirect URI.',
  'problem.sign-in.no-browser': 'The system browser could not be opened.',
  'problem.sign-in.no-browser.next': 'Choose a default browser in the system settings, then sign in again.',
  'problem.sign-in.no-browser.next.terminal':
    'Choose a default browser in the system settings, then sign in again: tokentray sign-in{forProfile}',
  'problem.sign-in.no-browser.next.tray':
    'Choose a default browser in the system settings, or clear the check mark at “Sign in with the system browser” in the tray menu. Then sign in again.',
  'problem.sign-in.page-crashed': 'The sign-in page stopped working.',
  'problem.sign-in.page-crashed.next': 'Sign in again.',
  'problem.sign-in.page-crashed.next.terminal': 'Sign in again: tokentray sign-in{forProfile}',
  'problem.sign-in.code-used': 'The authority reports that the sign-in code was already used or has expired.',
  'problem.sign-in.code-used.next': 'Sign in again.',
  'problem.sign-in.code-used.next.terminal': 'Sign in again: tokentray sign-in{forProfile}',
  'problem.interaction': 'The authority requires you to sign in again ({detail}).',
  'problem.interaction.next': 'Sign in again.',
  'problem.interaction.next.terminal': 'Sign in again: tokentray sign-in{forProfile}',
  'problem.revoked': 'The authority ended your session ({detail}).',
  'problem.revoked.next': 'Sign in again.',
  'problem.revoked.next.terminal': 'Sign in again: tokentray sign-in{forProfile}',
  'problem.consent': 'A permission that this application requests was not granted ({detail}).',
  'problem.consent.next':
    'Sign in again and accept the permissions, or ask your administrator to grant them.',
  'problem.admin-consent':
    'An administrator must approve the permissions that this application requests ({detail}).',
  'problem.admin-consent.next':
    'Ask your administrator to grant consent: Microsoft Entra admin center, Enterprise applications, Permissions. Then sign in again.',
  'problem.account-refused': 'The tenant does not accept this account ({detail}).',
  'problem.account-refused.next':
    'Sign in with another account, or ask the tenant’s administrator to invite this one as a guest.',
  'problem.account-disabled': 'Your account is disabled ({detail}).',
  'problem.account-disabled.next': 'Ask your administrator to enable it, then try again.',
  'problem.conditional-access': 'A policy of your organization refuses access ({detail}).',
  'problem.conditional-access.next': 'Ask your administrator which devices or locations the policy allows.',
  'problem.not-assigned': 'You are not assigned to this application ({detail}).',
  'problem.not-assigned.next':
    'Ask your administrator to assign you: Microsoft Entra admin center, Enterprise applications, Users and groups.',
  'problem.redirect-not-loopback':
    'tokentray serve needs a redirect URI on this machine; found {redirectUri}.',
  'problem.redirect-not-loopback.next':
    'Register one like http://localhost:5000/getAToken in the Microsoft Entra admin center, then import it: tokentray import FILE{forProfile}',
  'problem.web.not-opened': 'This address was opened by another page or program.',
  'problem.web.not-opened.next': 'Paste it into the browser’s address bar; it still works.',
  'problem.web.ticket': 'This address was already used, is older than ten minutes, or is incomplete.',
  'problem.web.ticket.next': 'Get a new one: tokentray sign-in{forProfile}',
  'problem.web.other-browser': 'The sign-in was started in another browser, so its response was not used.',
  'problem.web.other-browser.next': 'Run tokentray sign-in{forProfile} and open the address in this browser.',
  'problem.web.no-cookie': 'This page is shown only in the browser that opened the sign-in address.',
  'problem.web.no-cookie.next': 'Run tokentray sign-in{forProfile} and open the address in this browser.',
} as const;
