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
  'import.done': 'The settings are imported',
  'import.done.detail': 'Client {clientId} at {authority}. Choose “Sign in…” from the tray menu.',
  'import.memory':
    'No keyring can be used, so the secret is kept in memory: import the file again after a restart.',
  'import.failed': '{file} was not imported',
  'sign-in.failed': 'Sign-in did not finish',
  'copy.failed': 'Nothing was copied',
  'refresh.failed': 'The token was not refreshed',
  'sign-out.failed': 'You are still signed in',
  'status.close': 'Close',
  'action.failed': 'That did not work',
  'start.failed': 'Tokentray cannot start',
  'sign-out.unclean': 'Signed out, but not everything was cleared',

  'settings-file.trouble': 'The settings cannot be used',
  'settings-file.set-aside': 'The file could not be read. It is kept as {file}; import your .env file again.',
  'settings-file.unreadable': 'The file could not be opened ({reason}).',

  // ── notifications
  'notification.sign-in-needed': 'Sign-in needed',
  'notification.sign-in-needed.body': '{reason} {next}',

  // ── problems
  'problem.not-configured': 'Tokentray does not know your app registration yet.',
  'problem.not-configured.next':
    'Import the .env file: “Import .env file…” in the menu, or tokentray import FILE.',
  'problem.no-secret': 'No client secret is stored for client {clientId} at {authority}.',
  'problem.no-secret.next': 'Import the .env file that holds it: tokentray import FILE.',
  'problem.signed-out': 'Nobody is signed in.',
  'problem.signed-out.next': 'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
  'problem.sign-out.unclean': 'The sign-in window’s cookies or the clipboard could not be cleared.',
  'problem.sign-out.unclean.next':
    'Quit Tokentray: both end with it. Clear the clipboard yourself if it holds a token.',
  'problem.unexpected': 'Something happened that Tokentray does not know ({detail}).',
  'problem.unexpected.next':
    'Try again; if it happens twice, start Tokentray from a terminal and read what it says.',
  'problem.superseded': 'The session changed while the request was under way, so its result was dropped.',
  'problem.superseded.next': 'Ask again.',

  'problem.sign-in.window-closed': 'The sign-in window was closed before the sign-in was finished.',
  'problem.sign-in.window-closed.next': 'Choose “Sign in…” to try again.',
  'problem.sign-in.timeout': 'The sign-in was not finished within {minutes} minutes.',
  'problem.sign-in.timeout.next': 'Start the sign-in again.',
  'problem.sign-in.superseded': 'A newer sign-in was started, so this one no longer counts.',
  'problem.sign-in.superseded.next': 'Finish the newer one.',
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
  'problem.sign-in.page-crashed': 'The sign-in page stopped working.',
  'problem.sign-in.page-crashed.next': 'Choose “Sign in…” to try again.',
  'problem.sign-in.code-used': 'The authority says that the sign-in code was used already or is too old.',
  'problem.sign-in.code-used.next': 'Start the sign-in again.',

  'problem.offline': '{host} cannot be reached ({detail}).',
  'problem.offline.next': 'Check the network connection; Tokentray tries again by itself.',
  'problem.untrusted': '{host} shows a certificate that is not trusted on this machine ({detail}).',
  'problem.untrusted.next':
    'Where a company proxy inspects the traffic, start Tokentray with NODE_EXTRA_CA_CERTS naming the file of its certificate.',
  'problem.file-system': '{path} cannot be used ({detail}).',
  'problem.file-system.next':
    'See that it is a directory or file of your own and that there is room, then try again.',
  'problem.timeout': '{host} did not answer within {seconds} seconds.',
  'problem.timeout.next': 'Tokentray tries again by itself.',
  'problem.throttled': 'The authority asks for fewer requests.',
  'problem.throttled.next': 'Tokentray waits and tries again by itself.',
  'problem.authority-down': 'The authority answered with an error of its own ({detail}).',
  'problem.authority-down.next': 'Tokentray tries again by itself.',
  'problem.unknown': 'The refresh failed for a reason Tokentray does not know ({detail}).',
  'problem.unknown.next': 'Tokentray keeps what it has and tries again by itself.',

  'problem.interaction': 'The authority wants you to sign in again ({detail}).',
  'problem.interaction.next': 'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
  'problem.revoked': 'Your session was ended at the authority ({detail}).',
  'problem.revoked.next': 'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
  'problem.consent': 'A permission that this application asks for was not granted ({detail}).',
  'problem.consent.next':
    'Sign in again and accept the permissions, or ask your administrator to grant them.',
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
  'problem.wrong-client.next':
    'Compare CLIENT_ID and TENANT_ID with the Overview page of the app registration.',
  'problem.wrong-scope': 'The authority refuses the scopes ({detail}).',
  'problem.wrong-scope.next': 'Compare SCOPE with the API permissions of the app registration.',

  'problem.scope.two-resources':
    'One request can ask for scopes of one resource only; {first} and {second} are two.',
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
    'Start or unlock the keyring (GNOME Keyring or KWallet), then restart Tokentray; or run tokentray serve --from-env FILE, which stores nothing.',
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
  'problem.socket-directory.next':
    'Remove it, or set XDG_RUNTIME_DIR to a directory that only you can enter.',

  // ── settings and .env
  // A rule says what is wanted; `settings.issue` puts it beside the field and what was found there.
  'settings.issue': '{field}: {wanted} Found: {found}',
  'settings.issue.nothing-found': '{field}: {wanted}',
  'settings.found.list': 'a list',
  'settings.found.object': 'an object',
  'settings.rule.object': 'An object with named fields is wanted.',
  'settings.rule.list': 'A list is wanted.',
  'settings.rule.version': 'Version 1 of the settings is wanted; a newer Tokentray may have written these.',
  'settings.rule.one-profile': 'Exactly one profile is wanted.',
  'settings.rule.profile-id': 'A short name of small letters, digits and hyphens is wanted.',
  'settings.rule.storage': '“auto” or “memory” is wanted.',
  'settings.rule.clipboard': 'Whole seconds from 0 (never clear) to 86400 are wanted.',
  'settings.rule.authority': 'An address like https://login.microsoftonline.com/TENANT is wanted.',
  'settings.rule.authority.http': 'The authority is reached over https only; http is refused.',
  'settings.rule.authority.parts': 'The authority is host and tenant only: no user name, no “?” and no “#”.',
  'settings.rule.authority.tenant':
    'The tenant’s id or domain belongs after the host: https://login.microsoftonline.com/TENANT.',
  'settings.rule.client-id':
    'The application (client) id is wanted, as the Overview page of the app registration shows it: a GUID like 11111111-2222-3333-4444-555555555555.',
  'settings.rule.redirect-uri':
    'An address like http://localhost:5000/getAToken, or https on another host, is wanted.',
  'settings.rule.redirect-uri.http':
    'http is allowed for localhost, 127.0.0.1 and [::1] only; elsewhere https is wanted.',
  'settings.rule.redirect-uri.parts': 'A redirect URI has no user name and no “#”.',
  'settings.rule.scope.empty': 'At least one scope is wanted, User.Read for example.',
  'settings.rule.scope.token':
    'A scope holds no spaces, quotation marks, backslashes or characters beyond ASCII.',
  'settings.rule.scope.two-resources':
    'Scopes of one resource only can be asked for together; these are two.',
  'settings.rule.scope.default-mixed': 'A “.default” scope is asked for alone, without other scopes.',
  'settings.rule.cron.fields':
    'Five fields are wanted: minute, hour, day, month, weekday (0 7 * * * is 07:00 every day). Seconds are not possible.',
  'settings.rule.cron.never': 'This schedule cannot be read, or its time never comes.',
  'settings.rule.time-zone': 'The name of a time zone is wanted, Asia/Seoul for example.',
  'settings.rule.env.too-large': 'A .env file of at most 1 MB is wanted.',
  'settings.rule.env.binary': 'A plain text file is wanted, saved as UTF-8.',
  'settings.rule.env.missing': 'This name is missing, or nothing is written after it.',
  'settings.rule.env.missing-tenant': 'Neither this name nor AUTHORITY says which tenant to use.',
  'settings.rule.env.placeholder': 'This is still the placeholder of a sample; write your own value.',
  'settings.rule.env.quotes': 'The quotation mark at the start of the value on line {line} is not closed.',
  'settings.rule.env.hash':
    'The value on line {line} holds a “#”, which programs read differently; put the value in quotation marks.',
  'settings.rule.env.duplicate': 'Lines {first} and {second} give it different values; keep one of them.',
  'settings.rule.env.prefixes': 'Several app registrations are in this file; say which prefix to import.',
  'settings.rule.env.scope-list':
    'One scope, scopes with spaces or commas between them, or a JSON list is wanted.',
  'settings.rule.env.tenant': 'The id or a domain of the tenant is wanted.',
  'settings.rule.env.tenant-differs': 'It is not the tenant in {authority}; write the same one in both.',
  'settings.rule.env.port': 'A port number from 1 to 65535 is wanted.',
  'settings.rule.env.port-differs':
    'The redirect URI says port {port}, and that one counts; write the same one, or remove this line.',
  'settings.warning.host':
    'HOST was not taken over: without a TLS certificate Tokentray listens on this machine only.',
  'settings.warning.duplicate': 'Some names are written twice with the same value.',
  'settings.warning.secret-id':
    'CLIENT_SECRET looks like the secret’s id. The authority wants its value, from the column “Value” in Certificates & secrets.',
  'settings.home.relative': 'TOKENTRAY_HOME must be a full path; {path} is not one.',

  // ── the tokentray command and its pages
  'cli.owner.tray': 'the tray application (process {pid})',
  'cli.owner.terminal': 'tokentray serve (process {pid})',
  'cli.owner.import': 'tokentray import (process {pid})',
  'cli.owner.unknown': 'another process',
  'web.directory.link': 'it is a symbolic link',
  'web.directory.no-directory': 'it is not a directory',
  'web.directory.foreign': 'it belongs to user id {uid}',
  'web.directory.open': 'others may enter it (mode {mode}, wanted 700)',
  'web.port.process': ' by {name} (process {pid})',
  'web.port.user': ' by a program of user id {uid}',
  'problem.port-refused': 'Port {port} of the redirect URI may not be opened ({detail}).',
  'problem.port-refused.next':
    'Ports below 1024 are the administrator’s: register a redirect URI with a port above and import it.',
  'problem.agent-silent': 'Tokentray did not answer within {seconds} seconds.',
  'problem.agent-silent.next': 'Try again; if it happens twice, restart Tokentray.',
  'problem.agent-garbled': 'Tokentray’s answer could not be read ({detail}).',
  'problem.agent-garbled.next': 'Try again; if it happens twice, restart Tokentray.',
  'problem.request.not-found': 'There is nothing at {path}.',
  'problem.request.not-found.next': 'Compare the address with the README.',
  'problem.request.method': 'This address wants {wanted}; found: {found}.',
  'problem.request.method.next': 'Ask with {wanted}.',
  'problem.request.origin': 'Requests of other web pages are not answered.',
  'problem.request.origin.next': 'Ask from a program, or open the address itself.',
  'problem.request.host': 'This server answers under its own address only.',
  'problem.request.host.next': 'Use the address that tokentray serve printed.',
  'problem.request.pipe-key': 'The key of this login session is missing or wrong.',
  'problem.request.pipe-key.next': 'Ask with the tokentray command.',
  'problem.request.access-key': 'The access key is missing or wrong.',
  'problem.request.access-key.next':
    'Send it as “Authorization: Bearer KEY” or “X-Tokentray-Key: KEY”; tokentray serve says at its start which file holds it.',
  'problem.request.key-in-url': 'A key does not belong into an address: logs and histories keep it.',
  'problem.request.key-in-url.next': 'Send it as “Authorization: Bearer KEY” or “X-Tokentray-Key: KEY”.',
  'problem.request.unknown': '“{name}” cannot be asked for.',
  'problem.request.unknown.next': 'Ask for scope, min_lifetime and refresh only.',
  'problem.request.min-lifetime': 'min_lifetime wants whole seconds; found: “{found}”.',
  'problem.request.min-lifetime.next': 'Write min_lifetime=600 for ten minutes.',
  'problem.request.refresh': 'refresh wants 1 or 0; found: “{found}”.',
  'problem.request.refresh.next': 'Write refresh=1 for a new token.',
  'cli.help': `Usage: tokentray COMMAND [OPTIONS]

  serve [OPTIONS]          own the session without a tray: pages on the redirect URI's port
      --from-env FILE        use this .env for now and keep everything in memory
      --verbose              say more
  sign-in                  print an address to sign in at (with the tray: show its window)
  token [OPTIONS]          print the access token
      --scope SCOPE          for this scope (may be repeated); the profile's own otherwise
      --min-lifetime 10m     refuse a token that ends sooner (seconds, or with s, m, h)
      --refresh              a new token, whatever is left of the old one
      --json | --header      JSON, or the line “Authorization: Bearer …”
  status [--json]          who is signed in and until when
  refresh                  get a new token now
  sign-out                 end the session
  import FILE [OPTIONS]    take settings and secret over from an old .env
      --prefix EMAIL_        which names, where the file has several registrations
      --at 07:00             refresh every day at this time (or --cron '0 7 * * *')
      --zone Asia/Seoul      in this time zone; the system's otherwise
  --help, --version

Exit codes: 0 ok, 1 failure, 2 usage, 10 sign-in needed, 11 try again later,
12 configuration or administrator, 13 Tokentray is not running, 14 keyring.`,
  'cli.usage.help': 'tokentray --help lists everything.',
  'cli.usage.no-command': 'A command is wanted: {wanted}.',
  'cli.usage.command': 'There is no command “{found}”. Wanted: {wanted}.',
  'cli.usage.option': 'tokentray {command} has no option “{found}”. Wanted: {wanted}.',
  'cli.usage.none': 'no option',
  'cli.usage.argument': 'tokentray {command} wants {wanted}; nothing was found.',
  'cli.usage.extra': 'tokentray {command} does not know what to do with “{found}”.',
  'cli.usage.value-missing': '{option} wants a value; nothing was found.',
  'cli.usage.value-extra': '{option} takes no value.',
  'cli.usage.twice': '{option} is wanted once; it was found more often.',
  'cli.usage.both': 'One of {first} and {second} is wanted; both were found.',
  'cli.usage.duration': '{option} wants a duration like 10m, 600s or 1h; found: “{found}”.',
  'cli.usage.clock': '{option} wants a time like 07:00; found: “{found}”.',
  'cli.usage.zone-alone': '--zone belongs to --at or --cron; neither was found.',
  'cli.failed': 'Something went wrong that Tokentray does not know ({detail}).',
  'cli.sign-in.shown': 'Tokentray shows its sign-in window.',
  'cli.sign-in.open': 'Open this address within ten minutes; it works once:',
  'cli.signed-out': 'Signed out.',
  'cli.import.unreadable': '{file} could not be read ({detail}).',
  'cli.import.memory': 'the settings say that nothing is stored',
  'cli.import.registration': '  Client {clientId} at {authority}',
  'cli.import.redirect': '  Redirect URI {redirectUri}',
  'cli.import.scopes': '  Scopes: {scopes}',
  'cli.import.secret': '  The client secret is in the system’s keyring; the file is no longer needed.',
  'cli.import.schedule': '  Refreshed by the clock: {cron} in {zone}',
  'cli.import.no-schedule':
    '  Renewed before it expires only. The old application also refreshed at 07:00: import again with --at 07:00 for that.',
  'cli.import.next': 'Start the tray application, or run tokentray serve.',
  'cli.settings.invalid': 'The settings in {file} cannot be used:',
  'cli.settings.unreadable': 'The settings in {file} cannot be read ({detail}).',
  'cli.settings.set-aside': 'They were set aside as {file}. Import the .env file again.',
  'cli.serve.open': 'Open {url} to sign in (within ten minutes; it works once).',
  'cli.serve.page': 'tokentray sign-in prints an address to see this in a browser.',
  'cli.serve.ssh': 'From your own machine: ssh -L {port}:localhost:{port} to this one first.',
  'cli.serve.key': 'The access key for /token is in {file}.',
  'web.ask-for-address': 'To sign in, run tokentray sign-in and open the address that it prints.',
  'web.sign-in': 'Sign in',
  'web.sign-in-again': 'Sign in again',
  'web.refused': 'This did not work',
  'web.home.name': 'Name',
  'web.home.mail': 'Mail',
  'web.home.token': 'Access token',
  'web.home.good-until': 'Good until',
  'web.home.close': 'You can close this page. Programs get the token with “tokentray token”.',
  'problem.starting': 'Tokentray is still starting.',
  'problem.starting.next': 'Ask again in a moment.',
  'problem.import.no-vault': 'The client secret could not be stored, so nothing was imported ({detail}).',
  'problem.import.no-vault.next':
    'Start or unlock the system’s keyring (GNOME Keyring or KWallet) and import again; or use tokentray serve --from-env FILE, which keeps everything in memory.',
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

export type WordCode = keyof typeof catalogue;
