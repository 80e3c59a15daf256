/**
 * Every sentence people read, by code. `{name}` is filled in by {@link say}; the compiler asks for
 * each name a sentence holds. A problem has two entries: what happened, and (`.next`) what to do.
 */
export const catalogue = {
  // ── the application
  'app.name': 'Tokentray',

  // ── the session, in words (first menu line, tooltip, `tokentray status`)
  'session.not-configured': 'Not set up yet',
  'session.signed-out': 'Signed out',
  'session.signed-in': 'Signed in as {name}',
  'session.sign-in-needed': 'Sign-in needed for {name}',
  'token.good-until': 'Token good until {time}',
  'token.expired': 'Token expired at {time}',
  'token.none': 'No token',
  'activity.signing-in': 'Signing in…',
  'activity.refreshing': 'Refreshing…',
  'activity.waiting': 'Trying again at {time}',
  'schedule.next': 'Next scheduled refresh: {time}',
  'storage.memory': 'Kept in memory only: you sign in again after a restart',

  // ── the tray menu
  'menu.copy': 'Copy access token',
  'menu.refresh': 'Refresh now',
  'menu.sign-in': 'Sign in…',
  'menu.sign-out': 'Sign out',
  'menu.import': 'Import .env file…',
  'menu.quit': 'Quit',
  'menu.copied': 'Copied, good until {time}',

  // ── the sign-in window
  'window.sign-in': 'Sign in: {host}',
  'window.loading': 'Sign in',

  // ── dialogs of the tray
  'import.title': 'Import settings',
  'import.filter': 'Settings (.env)',
  'import.schedule.question': 'Refresh the token every day at 07:00?',
  'import.schedule.detail':
    'The token is also renewed before it expires. The old application refreshed at 07:00 in Asia/Seoul.',
  'import.schedule.zone': '07:00 in {zone}',
  'import.schedule.none': 'Only before it expires',
  'import.cancel': 'Cancel',
  'import.done': 'Imported {file}',
  'import.done.detail': 'Client {clientId} at {authority}. Choose “Sign in…” from the tray menu.',
  'import.failed': '{file} was not imported',
  'sign-in.failed': 'Sign-in did not finish',
  'copy.failed': 'Nothing was copied',
  'copy.claimed': 'The clipboard was not touched.',

  // ── notifications
  'notification.sign-in-needed': 'Sign-in needed',
  'notification.sign-in-needed.body': '{reason} {next}',

  // ── problems
  'problem.not-configured': 'Tokentray does not know your app registration yet.',
  'problem.not-configured.next': 'Import the .env file: “Import .env file…” in the menu, or tokentray import FILE.',
  'problem.no-secret': 'No client secret is stored for client {clientId} at {authority}.',
  'problem.no-secret.next': 'Import the .env file that holds it: tokentray import FILE.',
  'problem.signed-out': 'Nobody is signed in.',
  'problem.signed-out.next': 'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
  'problem.superseded': 'The session changed while the request was under way, so its result was dropped.',
  'problem.superseded.next': 'Ask again.',

  'problem.sign-in.window-closed': 'The sign-in window was closed before the sign-in was finished.',
  'problem.sign-in.window-closed.next': 'Choose “Sign in…” to try again.',
  'problem.sign-in.timeout': 'The sign-in was not finished within {minutes} minutes.',
  'problem.sign-in.timeout.next': 'Start the sign-in again.',
  'problem.sign-in.superseded': 'A newer sign-in was started, so this one no longer counts.',
  'problem.sign-in.superseded.next': 'Finish the newer one.',
  'problem.sign-in.denied': 'The sign-in was cancelled, or the permissions were not granted.',
  'problem.sign-in.denied.next': 'Sign in again and accept the permissions, or ask your administrator to grant them.',
  'problem.sign-in.state-mismatch':
    'The answer did not belong to this sign-in (its state is another one), so it was not used.',
  'problem.sign-in.state-mismatch.next': 'Start the sign-in again; if it happens twice, tell your administrator.',
  'problem.sign-in.no-code': 'The authority sent the browser back without a code.',
  'problem.sign-in.no-code.next': 'Start the sign-in again.',
  'problem.sign-in.authority-error': 'The authority refused the sign-in: {detail}',
  'problem.sign-in.authority-error.next': 'Read the reason above, then sign in again.',
  'problem.sign-in.wrong-account': 'You signed in as {found}, but this session belongs to {expected}.',
  'problem.sign-in.wrong-account.next': 'Sign in as {expected}, or sign out first to change the account.',
  'problem.sign-in.nonce-mismatch': 'The ID token does not belong to this sign-in (its nonce is another one).',
  'problem.sign-in.nonce-mismatch.next': 'Start the sign-in again; if it happens twice, tell your administrator.',
  'problem.sign-in.page-failed': 'The sign-in page at {host} could not be loaded ({detail}).',
  'problem.sign-in.page-failed.next': 'Check the network connection, then choose “Sign in…” again.',
  'problem.sign-in.page-crashed': 'The sign-in page stopped working.',
  'problem.sign-in.page-crashed.next': 'Choose “Sign in…” to try again.',
  'problem.sign-in.code-used': 'The authority says that the sign-in code was used already or is too old.',
  'problem.sign-in.code-used.next': 'Start the sign-in again.',

  'problem.offline': '{host} cannot be reached ({detail}).',
  'problem.offline.next': 'Check the network connection; Tokentray tries again by itself.',
  'problem.timeout': '{host} did not answer within {seconds} seconds.',
  'problem.timeout.next': 'Tokentray tries again by itself.',
  'problem.throttled': 'The authority asks for fewer requests.',
  'problem.throttled.next': 'Tokentray waits and tries again by itself.',
  'problem.authority-down': 'The authority answered with an error of its own ({detail}).',
  'problem.authority-down.next': 'Tokentray tries again by itself.',
  'problem.waiting': 'The last refresh failed, and the next try is not due yet.',
  'problem.waiting.next': 'Tokentray tries again by itself; Refresh now tries at once.',
  'problem.unknown': 'The refresh failed for a reason Tokentray does not know ({detail}).',
  'problem.unknown.next': 'Tokentray keeps what it has and tries again by itself.',

  'problem.interaction': 'The authority wants you to sign in again ({detail}).',
  'problem.interaction.next': 'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
  'problem.revoked': 'Your session was ended at the authority ({detail}).',
  'problem.revoked.next': 'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
  'problem.consent': 'A permission that this application asks for was not granted ({detail}).',
  'problem.consent.next': 'Sign in again and accept the permissions, or ask your administrator to grant them.',
  'problem.conditional-access': 'Your organisation’s policy does not allow this sign-in ({detail}).',
  'problem.conditional-access.next': 'Ask your administrator which device or place the policy wants.',

  'problem.wrong-secret': 'The authority does not accept the client secret ({detail}).',
  'problem.wrong-secret.next':
    'Copy the secret’s value (not its id) from the Entra portal, Certificates & secrets, into .env and import it again.',
  'problem.expired-secret': 'The client secret has expired ({detail}).',
  'problem.expired-secret.next':
    'Make a new secret in the Entra portal, Certificates & secrets, put it into .env and import it again.',
  'problem.wrong-redirect': 'The redirect URI is not the one that is registered ({detail}).',
  'problem.wrong-redirect.next':
    'Register {redirectUri} in the Entra portal under Authentication, platform Web, or correct REDIRECT_URI.',
  'problem.wrong-client': 'The authority does not know this client or tenant ({detail}).',
  'problem.wrong-client.next': 'Compare CLIENT_ID and TENANT_ID with the Overview page of the app registration.',
  'problem.wrong-scope': 'The authority refuses the scopes ({detail}).',
  'problem.wrong-scope.next': 'Compare SCOPE with the API permissions of the app registration.',

  'problem.scope.two-resources': 'One request can ask for scopes of one resource only; {first} and {second} are two.',
  'problem.scope.two-resources.next': 'Ask for each in a request of its own.',
  'problem.scope.default-mixed': '{first} cannot be mixed with other scopes ({second}).',
  'problem.scope.default-mixed.next': 'Ask for it alone.',
  'problem.scope.empty': 'No scope is asked for.',
  'problem.scope.empty.next': 'Name at least one, User.Read for example.',
  'problem.lifetime-too-long':
    'A lifetime of {asked} was asked for; the authority gives tokens of {longest} at the longest.',
  'problem.lifetime-too-long.next': 'Ask for less than {longest}.',

  'problem.storage.unavailable': 'The system’s keyring cannot be used ({detail}).',
  'problem.storage.unavailable.next':
    'Start or unlock the keyring (GNOME Keyring or KWallet), then restart Tokentray. Until then you sign in after each start.',
  'problem.storage.write': 'The session could not be stored ({detail}).',
  'problem.storage.write.next': 'Unlock the keyring. The session goes on in memory until Tokentray ends.',
  'problem.storage.corrupt': 'What was stored of the session could not be read; it was set aside as {name}.',
  'problem.storage.corrupt.next': 'Sign in again.',

  'problem.agent-not-running': 'Tokentray is not running.',
  'problem.agent-not-running.next': 'Start the tray application, or run tokentray serve.',
  'problem.already-running': 'Tokentray runs already: {owner}.',
  'problem.already-running.next': 'Use that one, or end it first.',
  'problem.port-in-use': 'Port {port} of the redirect URI is in use{holder}.',
  'problem.port-in-use.next': 'End that program, or register a redirect URI with another port and import it.',
  'problem.socket-directory': 'The directory for the local socket, {path}, cannot be trusted: {detail}.',
  'problem.socket-directory.next': 'Remove it, or set XDG_RUNTIME_DIR to a directory that only you can enter.',
} as const;

export type WordCode = keyof typeof catalogue;
