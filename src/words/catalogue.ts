/**
 * Every sentence people read, by code. `{name}` is filled in by {@link say}; the compiler asks for
 * each name a sentence holds. A problem has two entries: what happened, and (`.next`) what to do.
 */
export const catalogue = {
  // ── the application
  'app.name': 'Tokentray',
  'app.no-electron':
    'Electron’s binary is not installed: run “npx install-electron” (it downloads from GitHub), or use the terminal host: node dist/terminal/tokentray.js serve',

  // ── the session, in words (first menu line, tooltip, `tokentray status`)
  'session.not-configured': 'Not set up yet',
  'session.signed-out': 'Signed out',
  'session.signed-in': 'Signed in as {name}',
  'session.sign-in-needed': 'Sign-in needed for {name}',
  'token.good-until': 'Token good until {time}',
  'token.good-until.left': 'Token good until {time} ({left} left)',
  'token.expired': 'Token expired at {time}',
  'token.none': 'No token',
  'activity.signing-in': 'Signing in…',
  'activity.refreshing': 'Refreshing…',
  'activity.waiting': 'Trying again at {time}',
  'schedule.next': 'Next scheduled refresh: {time}',
  'time.under-a-minute': 'less than a minute',
  'time.minutes': '{minutes} min',
  'time.hours': '{hours} h {minutes} min',

  'outlets.loopback': 'Managed identity and /token are served at http://127.0.0.1:{port}',
  'outlets.shell-cache': 'Shells get the token at once from {directory}',

  // ── the window “About Tokentray”
  'about.purpose': 'Keeps a fresh Microsoft Entra ID access token ready.',
  'about.version': 'Version',
  'about.logs': 'Logs',
  'about.licence': 'MIT licence. Copyright © 2026 The Tokentray authors.',

  // ── at the begin of a sentence, where no name is known
  'unnamed.authority': 'The authority',
  'unnamed.file': 'The file',

  // ── the decoded token
  'claims.left-out': '{count} more are not shown.',
  'claim.acr': 'How the user was authenticated: 0 does not meet ISO/IEC 29115, 1 does.',
  'claim.acrs': 'The authentication contexts that the sign-in has met.',
  'claim.aio': 'Microsoft’s own, for its internal use.',
  'claim.amr': 'How the user proved who they are: pwd is a password, mfa a second factor.',
  'claim.app_displayname': 'The name of the application that asked for the token.',
  'claim.appid': 'The application that asked for the token.',
  'claim.appidacr':
    'How that application proved itself: 0 not at all, 1 with a secret, 2 with a certificate.',
  'claim.aud': 'The resource that this token is for. Any other refuses it.',
  'claim.auth_time': 'When the user signed in last.',
  'claim.azp': 'The application that asked for the token.',
  'claim.azpacr': 'How that application proved itself: 0 not at all, 1 with a secret, 2 with a certificate.',
  'claim.cnf': 'The key that whoever uses the token must hold as well.',
  'claim.deviceid': 'The device on which the user signed in.',
  'claim.email': 'The user’s mail address; it may change.',
  'claim.exp': 'When the token ends.',
  'claim.family_name': 'The user’s last name.',
  'claim.given_name': 'The user’s first name.',
  'claim.groups': 'The groups that the user is in, by their ids.',
  'claim.hasgroups': 'The user is in more groups than a token has room for.',
  'claim.iat': 'When the token was issued.',
  'claim.idp': 'Who authenticated the user, where it was not the issuer.',
  'claim.idtyp': 'Whom the token is for: a user, or an application by itself (app).',
  'claim.ipaddr': 'The address from which the user signed in.',
  'claim.iss': 'Who issued the token: the authority, and the tenant.',
  'claim.jti': 'This token’s own number.',
  'claim.name': 'The user’s name as people see it.',
  'claim.nbf': 'From when on the token is good.',
  'claim.oid': 'The user’s id in this tenant; it never changes.',
  'claim.preferred_username': 'The user’s sign-in name; it may change.',
  'claim.puid': 'The user’s number in Microsoft’s older directory.',
  'claim.rh': 'Microsoft’s own, to check the token again.',
  'claim.roles': 'The application permissions, or the roles that the user was given in the application.',
  'claim.scope': 'What the application may do for the user.',
  'claim.scp': 'What the application may do for the user.',
  'claim.sid': 'The sign-in session that the token belongs to.',
  'claim.sub': 'The user’s id for this application alone.',
  'claim.tid': 'The tenant in which the user signed in.',
  'claim.unique_name': 'A name of the user for people to read; it may change.',
  'claim.upn': 'The user’s principal name; it may change.',
  'claim.uti': 'This token’s own number; Entra’s sign-in logs name it.',
  'claim.ver': 'The version of the token’s form, 1.0 or 2.0.',
  'claim.wids': 'The directory roles that the user has in the whole tenant.',
  'claim.xms_cc': 'What the application can do: cp1 means that it understands claims challenges.',
  'claim.header.alg': 'How the token is signed.',
  'claim.header.kid': 'Which of the issuer’s keys has signed it.',
  'claim.header.nonce': 'Microsoft Graph’s own: with it, only Graph can check the signature.',
  'claim.header.typ': 'What kind of token it is.',
  'claim.header.x5t': 'The certificate of the key that has signed it.',

  // ── the window “Status”
  'page.profiles': 'Profiles',
  'page.default': 'Default',
  'page.tab.signed-in': 'Signed in',
  'page.tab.trouble': 'Signed in, with a problem',
  'page.loading': 'Loading…',
  'page.lost': 'Tokentray does not answer. What is shown here is from {time}.',
  'page.old': 'What is shown here is from {time}.',
  'page.lost.next': 'If this stays, see whether “tokentray serve” still runs.',
  'page.failed': 'This could not be read.',
  'page.actions': 'Actions',
  'page.logs': 'Open logs',
  'page.diagnostics': 'Copy diagnostics',
  'page.done.copy': 'Copied: the access token is on the clipboard.',
  'page.done.refresh': 'The token was refreshed.',
  'page.done.sign-in': 'The sign-in is under way.',
  'page.signed-in': 'You are signed in.',
  'page.sign-in-over': 'The sign-in is over, and it has changed nothing.',
  'page.menu': 'All commands…',
  'page.done.menu': 'The box with all commands is closed.',
  'page.done.logs': 'The logs are open.',
  'page.done.diagnostics': 'Copied: the diagnostics are on the clipboard. They hold no secret.',
  'page.ring.left': '{left} left',
  'page.ring.expired': 'Expired',
  'page.ring.all': 'Token good until {time}: {left} of {all} left',
  'page.renewal': 'Will be renewed at {time}',
  'page.last-refresh.refreshed': 'Last refreshed at {time}',
  'page.last-refresh.failed': 'The last try to refresh, at {time}, failed',
  'page.fact.name': 'Name',
  'page.fact.account': 'Account',
  'page.fact.tenant': 'Tenant',
  'page.fact.scopes': 'Scopes',
  'page.fact.authority': 'Authority',
  'page.fact.client': 'Client ID',
  'page.fact.redirect': 'Redirect URI',
  'page.fact.settings': 'Settings',
  'page.fact.settings.passing': 'From a .env file, for this run only',
  'page.week': 'The last seven days',
  'page.week.empty':
    'Nothing has happened in these days yet. Sign-ins, refreshes and failures will be shown here.',
  'page.week.usable': 'A usable token',
  'page.week.gap': 'No usable token: {range}',
  'page.week.times': '{what} ({count} times)',
  'page.history.signed-in': 'Signed in',
  'page.history.refreshed.user': 'Refreshed because you asked',
  'page.history.refreshed.schedule': 'Refreshed by the schedule',
  'page.history.refreshed.expiry': 'Refreshed before it expired',
  'page.history.refreshed.asked': 'Refreshed for a program',
  'page.history.refreshed.retry': 'Refreshed at a further try',
  'page.history.failed.network': 'Failed: network',
  'page.history.failed.authority': 'Failed: authority',
  'page.history.failed.settings': 'Failed: settings, permission or storage',
  'page.history.gap': 'No usable token',
  'page.table.title': 'Every entry as a table ({count})',
  'page.table.when': 'When',
  'page.table.what': 'What',
  'page.table.more': 'Details',
  'page.table.newer': 'Newer',
  'page.table.older': 'Older',
  'page.table.page': 'Page {page} of {pages}',
  'page.token': 'The access token, decoded',
  'page.token.local': 'It was taken apart on this machine; nothing of it was sent anywhere.',
  'page.token.opaque': 'This token is no JWT: only the resource that it is for can read it.',
  'page.token.end': 'Good until',
  'page.token.header': 'Header',
  'page.token.claims': 'Claims',
  'page.claim.name': 'Claim',
  'page.claim.value': 'Value and meaning',
  'page.signature': 'Signature:',
  'page.signature.verified': 'verified. A published key of the authority made it.',
  'page.signature.not-verifiable':
    'not verifiable by design. Microsoft Graph signs its tokens for itself alone.',
  'page.signature.wrong':
    'wrong. No published key of the authority made it: do not use this token, sign in again, and tell your administrator.',
  'page.signature.unknown': 'not checked, because the authority’s keys could not be read just now.',

  // ── the window “Settings”: profiles
  'settings-page.title': 'Settings',
  'settings-page.list': 'What can be set',
  'settings-page.add': 'Add profile',
  'settings-page.general': 'General',
  'settings-page.outlets': 'Outlets',
  'settings-page.transfer': 'Export and import',
  'settings-page.unsaved': 'Not saved',
  'settings-page.passing':
    'This run was started with a .env file of its own: it shows what is set, and keeps no change.',
  'settings-page.gone': '“{name}” was removed.',
  'settings-page.gone.kept':
    '“{name}” was removed elsewhere. What you typed is kept: save it as a new profile, or discard it.',
  'settings-page.gone.note':
    'This profile was removed elsewhere. Saving makes a new one of it, without the credential that was stored.',
  'settings-page.of': '{name}: {sentence}',
  'settings-page.stale': 'What is set now could not be read; this page shows what was set before.',
  'settings-page.welcome': 'Welcome to Tokentray',
  'settings-page.welcome.text':
    'Tokentray signs in to your app registration once and then always has a fresh access token for your programs. Tell it which registration it is; a minute is enough.',
  'settings-page.new': 'New profile',
  'settings-page.new.text': 'Another app registration, or the same one for another account.',
  'settings-page.profile.status': 'Show status',
  'settings-page.profile.default': 'Make default',
  'settings-page.profile.default.done': '“{name}” is the default profile now.',
  'settings-page.profile.remove': 'Remove profile…',
  'settings-page.bring.fill': 'Fill in the form',
  'settings-page.bring.fill.text': 'Each field says where to find its value in the Entra admin center.',
  'settings-page.bring.fill.do': 'Begin',
  'settings-page.bring.file': 'Use a .env file',
  'settings-page.bring.file.text': 'Drop it anywhere on this page, or choose it.',
  'settings-page.bring.file.do': 'Choose file…',
  'settings-page.bring.paste': 'Paste what you have',
  'settings-page.bring.paste.text':
    'The Overview page of the app registration, the answer of “az ad app”, appsettings.json or .env lines.',
  'settings-page.bring.paste.label': 'Copied values',
  'settings-page.bring.paste.do': 'Read it',
  'settings-page.bring.again': 'Fill in from a .env file or copied values',
  'settings-page.bring.reading': 'Reading…',
  'settings-page.bring.read': 'Filled in. See that it is right, and save.',
  'settings-page.bring.empty': 'There is nothing to read yet. Paste or type something first.',
  'settings-page.bring.too-large':
    'Found: {size}. A text of at most 1 MB is wanted; a .env file is far smaller. Nothing was read.',
  'settings-page.bring.one-file': 'Found: {count} files. Drop one file at a time; nothing was read.',
  'settings-page.bring.busy':
    'Another file or text is being chosen or read just now, so this one was not read. Bring it again when that is done.',
  'settings-page.bring.nowhere':
    'A file fills in the form of a profile, so this one was not read. Choose a profile or “Add profile”, then drop it there.',
  'settings-page.bring.no-file': 'What was dropped is no file that can be read. Drop one .env file.',
  'settings-page.registration': 'Registration',
  'settings-page.field.name': 'Name',
  'settings-page.field.name.help': 'As you want to see it in the menu.',
  'settings-page.field.protocol': 'Provider',
  'settings-page.protocol.entra': 'Microsoft Entra ID',
  'settings-page.protocol.oidc': 'Another OpenID provider',
  'settings-page.field.tenant': 'Directory (tenant)',
  'settings-page.field.tenant.help':
    'App registrations › your app › Overview › Directory (tenant) ID. A domain or the authority’s whole address does too.',
  'settings-page.field.issuer': 'Issuer',
  'settings-page.field.issuer.help': 'The provider’s address, as in https://login.example.org.',
  'settings-page.field.clientId': 'Application (client) ID',
  'settings-page.field.clientId.help': 'App registrations › your app › Overview › Application (client) ID.',
  'settings-page.field.clientId.oidc': 'Client ID',
  'settings-page.field.clientId.oidc.help': 'As the provider named it when the application was registered.',
  'settings-page.field.redirectUri': 'Redirect URI',
  'settings-page.field.redirectUri.help':
    'Register exactly this one: App registrations › your app › Authentication › Add a platform › Web.',
  'settings-page.field.redirectUri.oidc.help': 'Register exactly this one with the provider.',
  'settings-page.copy': 'Copy',
  'settings-page.copy.redirect': 'Copy the redirect URI',
  'settings-page.copied': 'Copied: the redirect URI is on the clipboard.',
  'settings-page.credential': 'Credential',
  'settings-page.credential.kind': 'Kind of credential',
  'settings-page.credential.secret': 'Client secret',
  'settings-page.credential.secret.help':
    'App registrations › your app › Certificates & secrets › Client secrets › Value (not the Secret ID).',
  'settings-page.credential.secret.oidc.help': 'As the provider gave it to you.',
  'settings-page.credential.show': 'Show',
  'settings-page.credential.show.what': 'Show the client secret while it is typed',
  'settings-page.credential.certificate': 'Certificate',
  'settings-page.credential.certificate.help':
    'A PEM file with certificate and private key, registered under Certificates & secrets › Certificates.',
  'settings-page.credential.certificate.oidc.help':
    'A PEM file with certificate and private key; the provider must know the certificate.',
  'settings-page.credential.assertion-file': 'Assertion file',
  'settings-page.credential.assertion-file.help':
    'A file that another program keeps fresh, trusted under Certificates & secrets › Federated credentials.',
  'settings-page.credential.assertion-file.oidc.help':
    'A file with a signed statement (JWT) that another program keeps fresh, and that the provider trusts.',
  'settings-page.credential.choose': 'Choose file…',
  'settings-page.credential.replace': 'Replace…',
  'settings-page.credential.keep': 'Keep what is stored',
  'settings-page.credential.other': 'Use another one',
  'settings-page.credential.held': 'A credential was read; it is stored when you save.',
  'settings-page.scopes': 'Scopes',
  'settings-page.field.scopes': 'Scopes',
  'settings-page.field.scopes.help':
    'App registrations › your app › API permissions. Those of one resource, with spaces between them: User.Read Mail.Read.',
  'settings-page.field.scopes.oidc.help': 'Those of one resource, with spaces between them.',
  'settings-page.field.extraScopes': 'Further resources',
  'settings-page.field.extraScopes.help':
    'Scopes of other resources that the same sign-in asks for; one line a resource. May stay empty.',
  'settings-page.schedule': 'Schedule',
  'settings-page.sign-in': 'Sign-in',
  'settings-page.field.signIn': 'Where you sign in',
  'settings-page.sign-in.window': 'In a window of Tokentray',
  'settings-page.sign-in.window.help': 'Apart from your browser and its accounts.',
  'settings-page.sign-in.browser': 'In your browser',
  'settings-page.sign-in.browser.help':
    'With its passkeys, and with what it knows of this device; some organisations ask for that.',
  'settings-page.save': 'Save',
  'settings-page.discard': 'Discard',
  'settings-page.unsaved.what': 'Not saved: {parts}',
  'settings-page.unsaved.parts': 'Not saved: {count} parts',
  'settings-page.unsaved.new': 'Nothing of it is saved yet.',
  'settings-page.saving': 'Saving…',
  'settings-page.failed': 'It could not be saved',
  'settings-page.issues.one': 'One thing is to be mended first; it is marked.',
  'settings-page.issues.many': '{count} things are to be mended first; they are marked.',
  'settings-page.contested':
    'Changed elsewhere meanwhile: {parts}. What you typed here is kept, and counts when you save.',
  'settings-page.discard.ask': 'Discard what is not saved?',
  'settings-page.discard.what': 'This was changed: {parts}.',
  'settings-page.discard.do': 'Discard changes',
  'settings-page.close.ask': 'Close without saving?',
  'settings-page.close.what': 'Not saved yet: {names}.',
  'settings-page.close.do': 'Close without saving',
  'settings-page.keep-editing': 'Keep editing',
  'settings-page.test': 'Test connection',
  'settings-page.test.text':
    'Tries what stands in the form, saved or not. It asks for a token of the application to see whether the credential is accepted, and drops it.',
  'settings-page.test.do': 'Test connection',
  'settings-page.test.running': 'Testing… {done} of {all}',
  'settings-page.test.well': 'Tested: all is well.',
  'settings-page.test.partly': 'No trouble found; {count} of {all} could not be tested.',
  'settings-page.test.nothing': 'Nothing could be tested.',
  'settings-page.test.trouble': 'Tested: there is trouble in {count} of {all} lines.',
  'settings-page.test.failed': 'The connection could not be tested',
  'settings-page.test.outdated': 'The form was changed after this test.',
  'settings-page.test.network': 'Network',
  'settings-page.test.discovery': 'Authority',
  'settings-page.test.clock': 'Clock',
  'settings-page.test.redirect-uri': 'Redirect URI',
  'settings-page.test.credential': 'Credential',
  'settings-page.test.storage': 'Storage',
  'settings-page.test.kind.waiting': 'Waiting',
  'settings-page.test.kind.ok': 'Well',
  'settings-page.test.kind.trouble': 'Wants a look',
  'settings-page.test.kind.skipped': 'Not tested',

  // ── the window “Settings”: schedule
  'settings-page.zone.list': 'Time zones',
  'settings-page.zone.none': 'No zone has such a name. Type a city or a region, like Berlin or Tokyo.',
  'settings-page.zone.more': 'And {count} more: type a city or a region.',
  'settings-page.schedule.help':
    'A token is renewed before it ends in any case. A schedule brings a fresh one at set times besides.',
  'settings-page.schedule.none': 'Never',
  'settings-page.schedule.daily': 'Once a day',
  'settings-page.schedule.hours': 'Every few hours',
  'settings-page.schedule.cron': 'By a cron line',
  'settings-page.schedule.at': 'Time of day',
  'settings-page.schedule.at.help': 'From 00:00 to 23:59, on the clock of the time zone.',
  'settings-page.schedule.every': 'How often',
  'settings-page.schedule.every.help': 'Counted from midnight.',
  'settings-page.schedule.every.one': 'Every hour',
  'settings-page.schedule.every.more': 'Every {hours} hours',
  'settings-page.schedule.line': 'Cron line',
  'settings-page.schedule.line.help':
    'Minute, hour, day, month, weekday: 0 7 * * 1-5 is 07:00 from Monday to Friday.',
  'settings-page.schedule.zone': 'Time zone',
  'settings-page.schedule.zone.help': 'Type a city or a region to search.',
  'settings-page.schedule.runs': 'The next {count} runs',
  'settings-page.schedule.next': 'Next run: {time}, {zone}.',
  'settings-page.schedule.here': 'Here ({zone})',
  'settings-page.schedule.there': 'In {zone}',

  // ── the window “Settings”: what is set for the whole application
  'settings-page.saved': 'Saved.',
  'settings-page.not-saved': 'This could not be saved.',
  'settings-page.copied.path': 'Copied: the path is on the clipboard.',
  'settings-page.copy.failed': 'This could not be copied.',
  'settings-page.start.help': 'Tokentray waits in the tray, so that a token is there when you need one.',
  'settings-page.start.not-offered':
    'It cannot be set here, because this system or this way of installing starts nothing at login.',
  'settings-page.clipboard': 'Clear a copied token from the clipboard',
  'settings-page.clipboard.help':
    'Only what Tokentray copied itself is cleared, and only while it is still there.',
  'settings-page.clipboard.after': 'After {duration}',
  'settings-page.clipboard.never': 'Never',
  'settings-page.network': 'Network',
  'settings-page.network.help':
    'Through what the tray asks for tokens: the system’s proxy and certificates or, as in a terminal, the proxy variables and your own CA file.',
  'settings-page.network.system': 'As the system does',
  'settings-page.network.node': 'As in a terminal',
  'settings-page.log': 'Log file',
  'settings-page.log.help': 'It holds no token and no secret, however much it holds.',
  'settings-page.log.warn': 'Warnings only',
  'settings-page.log.info': 'What happens',
  'settings-page.log.debug': 'Everything, to look for a mistake',
  'settings-page.kept.secrets': 'Secrets',
  'settings-page.kept.file': 'Settings file',
  'settings-page.kept.file.copy': 'Copy the path of the settings file',

  // ── the window “Settings”: outlets
  'settings-page.socket': 'Socket',
  'settings-page.socket.help':
    'Always there, for programs of yours only. “tokentray token” and the libraries use it.',
  'settings-page.socket.copy': 'Copy the path of the socket',
  'settings-page.loopback': 'Local HTTP server',
  'settings-page.loopback.help':
    'Azure’s managed-identity protocol and /token on 127.0.0.1, for programs that have the access key.',
  'settings-page.loopback.listens': 'It listens on {address}.',
  'settings-page.shell-cache': 'Quick answers in the shell',
  'settings-page.shell-cache.help': 'A file in memory, for your user only, makes “tokentray token” quick.',
  'settings-page.shell-cache.not-offered': 'This system has no file system in memory that is yours alone.',
  'settings-page.files': 'Token files',
  'settings-page.files.help':
    'Files that always hold a fresh token, for programs that can read nothing else.',
  'settings-page.files.profile': 'Profile',
  'settings-page.files.format': 'Format',
  'settings-page.files.add': 'Add a file…',
  'settings-page.files.remove': 'Remove',
  'settings-page.files.remove-path': 'Remove {path}',
  'settings-page.files.removed': '{path} is no longer kept fresh, and what was written to it is deleted.',
  'settings-page.files.not-added': 'The file was not added.',
  'settings-page.files.not-removed': 'The file was not removed.',
  'settings-page.format.bare': 'The token alone',
  'settings-page.format.json': 'JSON',
  'settings-page.format.env': 'ACCESS_TOKEN=…',
  'settings-page.hooks': 'Hooks',
  'settings-page.hooks.help': 'Programs that are run after an event. They are written by hand, into',
  'settings-page.hook.refreshed': 'A token was refreshed',
  'settings-page.hook.sign-in-needed': 'A sign-in is needed',
  'settings-page.hook.signed-out': 'Somebody signed out',
  'settings-page.hook.failed': 'Something has to be mended',

  // ── the window “Settings”: to another machine, and back
  'settings-page.transfer.export':
    'An export holds everything that is set here, but no secret, no certificate and no token.',
  'settings-page.transfer.import':
    'An import keeps the profiles that the file does not name. Before programs are run or files are written because of it, you are asked.',
  'settings-page.export': 'Export…',
  'settings-page.export.failed': 'The settings were not exported.',
  'settings-page.import': 'Import…',
  'settings-page.import.failed': 'The settings were not imported.',

  // ── the tray menu
  'menu.copy': 'Copy access token',
  'menu.copy-as': 'Copy as',
  'menu.copy-header': 'Authorization header',
  'menu.copy-curl': 'curl command',
  'menu.copy-json': 'JSON',
  'menu.copy-scopes': 'Copy token for',
  'menu.refresh': 'Refresh now',
  'menu.sign-in': 'Sign in…',
  'menu.switch-account': 'Switch account…',
  'menu.sign-out': 'Sign out',
  'menu.sign-in-with-browser': 'Sign in with the system browser',
  'menu.import': 'Import .env file…',
  'menu.start-at-login': 'Start at login',
  'menu.status': 'Status…',
  'menu.settings': 'Settings…',
  'menu.set-up': 'Set up…',
  'menu.about': 'About Tokentray',
  'menu.quit': 'Quit',
  'menu.copied': 'Copied, good until {time}',
  'menu.copied.header': 'Authorization header copied, good until {time}',
  'menu.copied.json': 'JSON copied, good until {time}',
  'menu.copied.scopes': 'Token for {scopes} copied, good until {time}',
  'menu.copied.curl': 'curl command copied; it gets the token when it runs',
  'menu.profile.default': '{name} (default)',
  'menu.profile.news': '{name}: {sentence}',
  'menu.summary.attention': 'Needs attention: {names}',
  'menu.summary.offline': 'No fresh token: {names}',
  'menu.summary.signed-in': '{count} of {all} profiles signed in',

  // ── the sign-in window
  'window.sign-in': 'Sign in: {host}',
  'window.loading': 'Sign in',
  'window.again': 'Try again',
  'window.browser': 'Sign in with the browser',
  'window.cancel': 'Cancel',
  'window.stay': 'Stay here',
  'window.passkey': 'This page asks for a passkey or a security key',
  'window.passkey.detail': 'They do not work in this window on every system. Your browser can use them.',
  'window.policy.detail':
    'The policy may accept your browser, which can show that it runs on a device of your organisation.',
  'window.account': 'You signed in as {found}, but this session belongs to {expected}',
  'window.account.detail':
    'If you use {found}, the session of {expected} ends here, and its tokens are removed.',
  'window.account.again': 'Sign in again',
  'window.account.use': 'Use {found}',
  'window.client-certificate': '{host} asks for a certificate that says who you are',
  'window.client-certificate.one': '{name}, issued by {issuer}, valid until {until}',
  'window.client-certificate.none': 'Without a certificate',
  'browser.signed-in': 'Signed in as {name}',
  'browser.close': 'You can close this page: Tokentray keeps the access token fresh from here.',

  // ── dialogs of the tray
  'import.title': 'Import settings',
  'import.filter': 'Settings (.env)',
  'import.schedule.question': 'Refresh the token every day at 07:00?',
  'import.schedule.detail':
    'The token is also renewed before it expires. The old application refreshed at 07:00 in Asia/Seoul.',
  'import.schedule.zone': '07:00 in {zone}',
  'import.schedule.none': 'Only before it expires',
  'import.cancel': 'Cancel',
  'import.token-file.offer': 'Also keep the fresh token in a file…',
  'import.token-file.title': 'Keep the fresh token in',
  'import.token-file.refused': 'The token cannot be kept there',
  'import.done': 'The settings are imported',
  'import.done.detail': 'Client {clientId} at {authority}. Choose “Sign in…” from the tray menu.',
  'import.done.signed-in': 'Client {clientId} at {authority}. You are still signed in.',
  'import.done.token-file': 'While you are signed in, {path} holds the fresh token.',
  'import.memory':
    'No keyring can be used, so the secret is kept in memory: import the file again after a restart.',
  'import.failed': '{file} was not imported',
  'import.refused': 'Nothing was imported',
  'sign-in.failed': 'Sign-in did not finish',
  'copy.failed': 'Nothing was copied',
  'refresh.failed': 'The token was not refreshed',
  'sign-out.failed': 'You are still signed in',
  'status.close': 'Close',
  'status.title': 'Tokentray: Status',
  // ── the Settings window, as the tray tells of it
  'settings-tray.title': 'Tokentray: Settings',
  'settings-tray.trouble':
    'The settings file cannot be used: what is shown here is what was set when Tokentray started. {issues}',
  'settings-tray.storage': 'Secrets and sessions are kept in {place}.',
  'settings-tray.credential.secret': 'A client secret, stored {when}.',
  'settings-tray.credential.certificate': 'A certificate ({subject}), valid until {date}.',
  'settings-tray.credential.assertion-file': 'The client assertion is read from {path} each time.',
  'settings-tray.credential.damaged': 'A certificate that cannot be read any more.',
  'settings-tray.credential.none': 'Nothing is stored.',
  'settings-tray.credential.elsewhere':
    'What is stored belongs to another registration and is not used for this one.',
  'settings-tray.credential.unreadable': 'What is stored cannot be read any more.',
  'settings-tray.credential.unavailable':
    'It cannot be seen now what is stored, because the store does not open.',
  'settings-tray.credential.awaited': 'The store is being asked what it holds…',
  'settings-tray.credential.held-elsewhere':
    'What was read belongs to client {clientId} at {authority} and is sent nowhere else; give the credential of this registration.',
  'settings-tray.credential.gone': 'What was read from the file is no longer held; choose the file again.',
  'settings-tray.certificate.choose': 'Choose the certificate',
  'settings-tray.certificate.choose-key': 'Choose the private key of the certificate',
  'settings-tray.certificate.filter': 'Certificate and key (PEM)',
  'settings-tray.certificate.field': 'The certificate',
  'settings-tray.certificate.field.key': 'The private key',
  'settings-tray.assertion-file.choose': 'Choose the file with the client assertion',
  'settings-tray.assertion-file.filter': 'Client assertion',
  'settings-tray.assertion-file.field': 'The assertion file',
  'settings-tray.saved': 'Saved.',
  'settings-tray.saved.memory':
    'Saved, but no keyring can be used: the credential is kept in memory and is asked for again after a restart.',
  'settings-tray.from-next-start': 'Saved. It counts from the next start of Tokentray.',
  'settings-tray.remove.question': 'Remove the profile “{name}”?',
  'settings-tray.remove.detail':
    'Its session, the stored credential, and what is remembered of it are deleted. Whoever uses it is signed out.',
  'settings-tray.remove.files': 'These token files are deleted too:\n{files}',
  'settings-tray.remove.stays': 'The app registration itself stays as it is.',
  'settings-tray.remove.yes': 'Remove',
  'settings-tray.removed': 'The profile was removed.',
  'settings-tray.transfer.filter': 'Tokentray’s settings (JSON)',
  'settings-tray.export.title': 'Export the settings',
  'settings-tray.export.done': 'Exported to {file}. It holds no secret and no token.',
  'settings-tray.import.title': 'Choose exported settings',
  'settings-tray.import.question': 'Take over everything in {file}?',
  'settings-tray.import.detail':
    'Besides profiles it sets what follows. Take it over only if you know the file and want each of these.',
  'settings-tray.import.yes': 'Take over',
  'settings-tray.import.declined': 'Nothing was imported.',
  'settings-tray.import.same': 'Nothing to import: all of it is set already.',
  'settings-tray.import.done': 'Imported.',
  'problem.settings-tray.import': '{file} was not imported. {issues}',
  'problem.settings-tray.import.next': 'Choose a file that “Export settings” has written.',
  'problem.settings-tray.draft': 'The connection cannot be tested yet. {issues}',
  'problem.settings-tray.draft.next': 'Correct what is named, then test again.',
  'window.found.hidden': '(not shown)',
  'diagnostics.copied':
    'Diagnostics copied. They hold no token, no secret and no full name; read them before you send them.',
  'take-over.question': 'Tokentray runs already: {owner}.',
  'take-over.detail':
    'Only one can keep the session. If this one takes over, the other ends first; you stay signed in.',
  'take-over.memory':
    'The other keeps its session in memory only: it is lost then, and you sign in again here.',
  'take-over.yes': 'Take over',
  'action.failed': 'That did not work',
  'start.failed': 'Tokentray cannot start',
  'sign-out.unclean': 'Signed out, but not everything was cleared',

  'settings-file.trouble': 'The settings cannot be used',
  'settings-file.set-aside': 'The file could not be read. It is kept as {file}; import your .env file again.',
  'settings-file.unreadable': 'The file could not be opened ({reason}).',

  // ── notifications
  'notification.sign-in-needed': 'Sign-in needed',
  'notification.sign-in-needed.profile': 'Sign-in needed: {name}',
  'notification.configuration': 'The token cannot be refreshed',
  'notification.configuration.profile': 'The token cannot be refreshed: {name}',
  'notification.configuration.mend': 'Show status',
  'notification.body': '{reason} {next}',

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
  'problem.schedule.never':
    'The schedule {cron} in {zone} cannot be kept: its time never comes, or there is no such time zone.',
  'problem.schedule.never.next':
    'Correct it in the settings file and start Tokentray again; until then tokens are renewed before they expire.',

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

  'problem.offline': '{host} cannot be reached ({detail}).',
  'problem.offline.next': 'Check the network connection; Tokentray tries again by itself.',
  'problem.untrusted': '{host} shows a certificate that is not trusted on this machine ({detail}).',
  'problem.untrusted.next':
    'Where a company proxy inspects the traffic, have its certificate installed in the system, or name its file: import the .env file again with --ca-file (extraCaFile in the settings), or set NODE_EXTRA_CA_CERTS. The tray reads them only with “network” set to “node” in the settings.',
  'problem.extra-ca': 'The extra certificates in {path} cannot be used ({detail}).',
  'problem.extra-ca.next':
    'Put a readable PEM file there, or name another one in the settings (extraCaFile); Tokentray looks again by itself.',
  'problem.proxy.setting': '{variable} does not hold the address of a proxy.',
  'problem.proxy.setting.next':
    'Set it to an address like http://proxy.example:3128 (http or https; user name and password percent-encoded), then start Tokentray again.',
  'problem.proxy.unreachable': 'The proxy {proxy} cannot be reached ({detail}).',
  'problem.proxy.unreachable.next':
    'Check the network connection and HTTPS_PROXY, or for the tray the system’s proxy settings; Tokentray tries again by itself.',
  'problem.proxy.timeout': 'The proxy {proxy} made no connection within {seconds} seconds.',
  'problem.proxy.timeout.next': 'Check HTTPS_PROXY; Tokentray tries again by itself.',
  'problem.proxy.auth':
    'The proxy {proxy} wants a user name and a password, or does not accept the ones it got.',
  'problem.proxy.auth.next':
    'Put them into HTTPS_PROXY, as in http://USER:PASSWORD@HOST:PORT, then start Tokentray again. The tray reads it only with “network” set to “node” in the settings.',
  'problem.proxy.refused': 'The proxy {proxy} does not let {host} be reached ({detail}).',
  'problem.proxy.refused.next':
    'Ask whoever runs the proxy; where there is a direct way, name the host in NO_PROXY, or for the tray in the system’s proxy settings.',
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
  'problem.wrong-certificate': 'The authority does not accept the certificate ({detail}).',
  'problem.wrong-certificate.next':
    'Upload the certificate in the Entra portal, Certificates & secrets, or import the one that is registered there with its key.',
  'problem.expired-certificate': 'The certificate has expired, or is not valid yet ({detail}).',
  'problem.expired-certificate.next':
    'Make a new one, upload it in the Entra portal, Certificates & secrets, and import it with its key.',
  'problem.certificate': 'The stored certificate and key cannot be used ({detail}).',
  'problem.certificate.next':
    'Import a PEM certificate with the RSA key that belongs to it; Entra takes no other kind.',
  'problem.assertion-time':
    'The authority says that our client assertion is not valid at this time ({detail}).',
  'problem.assertion-time.next': 'Set the clock of this machine; tokentray doctor shows how far it is off.',
  'problem.assertion-file': 'The client assertion in {path} cannot be used: {detail}.',
  'problem.assertion-file.next':
    'See that the program that writes the file runs; Tokentray reads it anew each time.',
  'problem.wrong-assertion': 'The authority does not accept the client assertion ({detail}).',
  'problem.wrong-assertion.next':
    'Compare its issuer, subject and audience with the federated credential in the Entra portal, Certificates & secrets.',
  'problem.public-client':
    'The registration is for public clients, which have no secret or certificate ({detail}).',
  'problem.public-client.next':
    'Register {redirectUri} in the Entra portal under Authentication, platform Web.',
  'problem.client-refused': 'The provider does not accept this client or its credential ({detail}).',
  'problem.client-refused.next':
    'Compare client id and credential with the registration at the provider, and import the right ones.',
  'problem.not-assigned': 'You are not assigned to this application ({detail}).',
  'problem.not-assigned.next':
    'Ask your administrator to assign you: Entra portal, Enterprise applications, Users and groups.',
  'problem.wrong-authority': 'No sign-in service answers under the authority’s address ({detail}).',
  'problem.wrong-authority.next':
    'Compare AUTHORITY with the registration: https://login.microsoftonline.com/TENANT, or another provider’s issuer.',
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

  'problem.storage.unavailable': 'The place where secrets are kept cannot be used ({detail}).',
  'problem.storage.unavailable.next':
    'Tokentray tries again by itself, and until then keeps the session in memory. If this stays, restart Tokentray; tokentray doctor tests the keyring.',
  'problem.storage.absent': 'This machine has no keyring that Tokentray could use ({detail}).',
  'problem.storage.absent.next':
    'Start or install GNOME Keyring or KWallet; Tokentray notices by itself, and until then keeps the session in memory. On a server choose an encrypted file: tokentray storage encrypted-file --key-file FILE.',
  'problem.storage.locked': 'The system’s keyring is locked ({detail}).',
  'problem.storage.locked.next':
    'Unlock it (in Passwords and Keys, KWalletManager or Keychain Access, or by logging in with your password). Tokentray notices by itself, and until then keeps the session in memory.',
  'problem.storage.silent': 'The system’s keyring does not answer ({detail}).',
  'problem.storage.silent.next':
    'Look for a window that asks for the keyring’s password and answer it; Tokentray notices by itself, and until then keeps the session in memory.',
  'problem.storage.write': 'The session could not be stored ({detail}).',
  'problem.storage.write.next':
    'Remove the cause: unlock or start the keyring, or make room on the disk. Until then the session is in memory only; Tokentray saves it again by itself.',
  'storage.no-credentials-directory':
    'CREDENTIALS_DIRECTORY is not set: start Tokentray as a systemd service with LoadCredential={name}:FILE; for a command, systemd-run --user --pipe --wait -p LoadCredential={name}:/PATH tokentray storage encrypted-file --systemd-credential {name}',
  'storage.key-changes': '{file} changes while it is read: is Tokentray started twice?',
  'storage.newer': 'what is stored was written by a newer Tokentray; update this one',
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

  // ── the log file
  'log.unwritable':
    'The log in {directory} cannot be written ({detail}). Tokentray goes on without it and tries again in a minute.',

  // ── the tray’s way to the authority
  'network.system': 'Asked through the system’s network.',
  'network.node': 'Asked through Node’s network, as the settings say.',
  'network.unused': 'Without effect there, unless “network” is set to “node” in the settings: {names}.',
  'network.some-proxy': 'of the system’s settings',

  // ── what tokentray doctor asks of the authority and the store
  'checkup.network.ok': '{host} answers in {ms} ms; its certificate is trusted.',
  'checkup.network.proxy': '{host} answers in {ms} ms through the proxy {proxy}; its certificate is trusted.',
  'checkup.discovery.ok': 'The authority is {issuer}.',
  'checkup.unreached': 'Not looked at, because the authority was not reached.',
  'checkup.clock.ok': 'The clock agrees with the authority’s, but for {seconds} seconds.',
  'checkup.clock.unknown': '{host} does not say what time it is.',
  'checkup.credential.secret': 'The authority accepts the client secret.',
  'checkup.credential.certificate': 'The authority accepts the certificate.',
  'checkup.credential.assertion-file': 'The authority accepts the client assertion.',
  'checkup.credential.many-tenants':
    'Not asked: an authority for many tenants says nothing about a credential before a sign-in.',
  'checkup.credential.not-offered':
    'Not asked: this provider says nothing about a credential before a sign-in (no client_credentials).',
  'checkup.credential.no-scope':
    'Not asked: without a scope of its own this provider says nothing about a credential before a sign-in.',
  'checkup.age.secret':
    'The client secret was imported {days} days ago; the Entra portal shows when it expires.',
  'checkup.age.certificate': 'The certificate is valid until {date}.',
  'checkup.age.assertion-file': 'The client assertion is read from {path} each time.',
  'checkup.storage.ok': 'Writing, reading and removing work ({backend}).',
  'checkup.storage.memory': 'By the settings the session is kept in memory and ends with Tokentray.',
  'problem.discovery': 'What {host} says about itself does not fit the settings ({detail}).',
  'problem.discovery.next':
    'Compare AUTHORITY with the registration. In a hotel or guest network, open a web page first: it may want a login.',
  'problem.clock.ahead': 'The clock of this machine is {minutes} minutes ahead of the authority’s.',
  'problem.clock.ahead.next': 'Set it, and let the system keep it set by network time.',
  'problem.clock.behind': 'The clock of this machine is {minutes} minutes behind the authority’s.',
  'problem.clock.behind.next': 'Set it, and let the system keep it set by network time.',
  'problem.certificate-ends': 'The certificate ends in {days} days, on {date}.',
  'problem.certificate-ends.next':
    'Make a new one, upload it in the Entra portal, Certificates & secrets, and import it with its key.',

  'shell-cache.platform': 'only Linux has a directory in memory for it',
  'shell-cache.home': 'TOKENTRAY_HOME is set, where the command does not look for it',
  'shell-cache.no-runtime-directory':
    'there is neither XDG_RUNTIME_DIR nor a directory of systemd’s for this user',
  'shell-cache.no-tmpfs': '{path} is not in memory (tmpfs)',
  'token-file.no-file': 'it is not a regular file',
  'token-file.directory-absent': 'its directory is not there',
  'token-file.directory-open': 'everybody may replace files in its directory',
  'token-file.env-characters': 'this token has characters that an env file cannot carry',
  'problem.token-file.refused': 'The token was not written to {path}: {detail}.',
  'problem.token-file.refused.next':
    'Choose another path, or mend what is there; Tokentray tries again by itself.',
  'problem.token-file.write': 'The token could not be written to {path} ({detail}).',
  'problem.token-file.write.next':
    'See that the directory is your own and that there is room; Tokentray tries again by itself.',
  'problem.token-file.unknown': 'No token file has the path {path}.',
  'problem.token-file.unknown.next': 'See them with: tokentray token-files.',
  'problem.token-file.remove': 'The token file {path} could not be removed ({detail}).',
  'problem.token-file.remove.next': 'Remove it yourself: its token may still work.',

  // ── settings and .env
  // A rule says what is wanted; `settings.issue` puts it beside the field and what was found there.
  'settings.issue': '{field}: {wanted} Found: {found}',
  'settings.issue.nothing-found': '{field}: {wanted}',
  'settings.found.list': 'a list',
  'settings.found.object': 'an object',
  'settings.rule.object': 'An object with named fields is wanted.',
  'settings.rule.list': 'A list is wanted.',
  'settings.rule.version': 'Version 1 of the settings is wanted; a newer Tokentray may have written these.',
  'settings.rule.profile-name': 'A name of 1 to 60 printable characters is wanted.',
  'settings.rule.profile-twice': 'Each profile has an id of its own; this one is there twice.',
  'settings.rule.profile-taken':
    'It is client {clientId} at {authority} already, and the new one is client {newClientId} at {newAuthority}. To add it: tokentray import FILE --profile ID, with an id of your choice. To replace the old one: tokentray import FILE --profile {id}.',
  'settings.rule.profile-unknown': 'The id of one of the profiles is wanted.',
  'settings.rule.profile-removed':
    'It was removed while this change was made, so nothing was stored; add it as a new profile if you still want it.',
  'settings.rule.protocol': '“entra” or “oidc” is wanted.',
  'settings.rule.path': 'A full path is wanted.',
  'settings.rule.json': 'JSON is wanted.',
  'settings.rule.file.absent': 'There is no such file; compare its path.',
  'settings.rule.file.forbidden':
    'You may not read it; give yourself the right to, or copy it to a place of your own.',
  'settings.rule.file.directory': 'It is a directory; name a file in it.',
  'settings.rule.file.irregular': 'It is a pipe or a device; choose a file.',
  'settings.rule.file.other':
    'It cannot be read ({detail}); see that its path and disk are well, then try again.',
  'settings.rule.file.too-large': 'A file of at most {kilobytes} kB is wanted.',
  'settings.rule.file.broken':
    'It breaks the rules below, so nothing was changed; correct it, or move it away, and try again.',
  'settings.rule.file.set-aside':
    'It was not JSON and is kept as {file}. Nothing was changed; do the same again to begin with new settings.',
  'settings.rule.token-file-twice': 'Each token file has a path of its own; this one is there twice.',
  'settings.rule.token-file-profile': 'The id of the profile that is registered with it is wanted.',
  'settings.rule.token-file-format': '“bare”, “json” or “env” is wanted.',
  'settings.rule.network': '“system” or “node” is wanted.',
  'settings.rule.sign-in': '“window” or “browser” is wanted.',
  'settings.rule.switch': 'true or false is wanted.',
  'settings.rule.hook': 'A list is wanted: a program’s full path, and its arguments.',
  'settings.rule.not-changeable': 'This setting is not changed here.',
  'settings.rule.hooks':
    'An object is wanted with nothing but “refreshed”, “sign-in-needed”, “signed-out” and “failed”.',
  'settings.rule.log-level': '“warn”, “info” or “debug” is wanted.',
  'settings.rule.schedule': 'One of “cron”, “at” and “everyHours” is wanted, beside “timeZone”.',
  'settings.rule.at': 'A time of day from 00:00 to 23:59 is wanted, 07:00 for example.',
  'settings.rule.every-hours': 'A number of hours that divides a day is wanted: 1, 2, 3, 4, 6, 8, 12 or 24.',
  'settings.rule.profile-id': 'A short name of small letters, digits and hyphens is wanted.',
  'settings.rule.storage': '“auto”, “memory”, “plain-file”, or an “encrypted-file” with its “key” is wanted.',
  'settings.rule.storage-key': '“key-file”, “systemd-credential” or “passphrase” is wanted.',
  'settings.rule.systemd-credential':
    'The name of a credential is wanted, as the unit’s LoadCredential= has it: without “/” and “:”.',
  'settings.rule.rank': '“default” or “further” is wanted.',
  'settings.rule.replaces': '“same”, “any” or “existing” is wanted.',
  'settings.rule.credential': 'A secret, a certificate with its key, or an assertion file is wanted.',
  'settings.rule.assertion':
    'A signed JWT is wanted, as another program keeps it fresh there: three parts with dots between them.',
  'settings.rule.certificate':
    'A certificate in PEM form is wanted (-----BEGIN CERTIFICATE-----), the client’s own first.',
  'settings.rule.certificate.expired':
    'A certificate that has not expired is wanted; make a new one and register it.',
  'settings.rule.certificate.leaf-first':
    'The certificate that the key belongs to is wanted first, the rest of its chain after it.',
  'settings.rule.certificate.key':
    'The certificate’s private key in PEM form is wanted (-----BEGIN PRIVATE KEY-----).',
  'settings.rule.certificate.key-encrypted':
    'A key without a passphrase is wanted, for the vault encrypts it; openssl pkey -in KEY -out PLAIN-KEY writes one.',
  'settings.rule.certificate.key-differs':
    'The private key of the certificate is wanted; this one belongs to another.',
  'settings.rule.certificate.rsa': 'An RSA key is wanted; client assertions are signed with no other kind.',
  'settings.rule.policy.spread': 'Whole minutes from 0 to 720 are wanted.',
  'settings.rule.policy.writer':
    'Nobody but root may be able to write the policy (chown root, chmod 644); until then it is ignored.',
  'settings.rule.clipboard': 'Whole seconds from 0 (never clear) to 86400 are wanted.',
  'settings.rule.authority': 'An address like https://login.microsoftonline.com/TENANT is wanted.',
  'settings.rule.authority.http': 'The authority is reached over https only; http is refused.',
  'settings.rule.authority.parts': 'The authority is host and tenant only: no user name, no “?” and no “#”.',
  'settings.rule.authority.tenant':
    'The tenant’s id or domain belongs after the host: https://login.microsoftonline.com/TENANT.',
  'settings.rule.authority.issuer':
    'The issuer of the OpenID provider is wanted: an address like https://idp.example.com.',
  'settings.rule.client-id.oidc':
    'The client id that the OpenID provider gave is wanted: printable ASCII characters.',
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
  'settings.warning.credential':
    'The CLIENT_SECRET of the file was not taken over: the credential that was named beside it counts.',
  'settings.warning.redirect-https':
    'tokentray serve cannot use this redirect URI, because it is https on this machine; the tray application can.',
  'settings.warning.duplicate': 'Some names are written twice with the same value.',
  'settings.warning.secret-id':
    'CLIENT_SECRET looks like the secret’s id. The authority wants its value, from the column “Value” in Certificates & secrets.',
  // ── a registration in the form of the Settings window, and what is wrong with it
  'settings.form.form': 'The profile',
  'settings.rule.tenant-or-address':
    'The tenant’s id or a domain of it is wanted, contoso.onmicrosoft.com for example; or the authority’s whole address.',
  'settings.rule.secret.empty': 'The client secret is wanted.',
  'settings.rule.secret.spaces': 'A secret has no line breaks and no spaces in it; copy its value alone.',
  'settings.rule.credential.none': 'A client secret, a certificate or an assertion file is wanted.',
  'settings.rule.credential.elsewhere':
    'What is stored belongs to client {clientId} at {authority} and is sent nowhere else; the credential of this registration is wanted.',
  'settings.warning.secret-id.typed':
    'The client secret looks like the secret’s id. The authority wants its value, from the column “Value” in Certificates & secrets.',
  // ── settings from a file that another Tokentray has written
  'settings.rule.import.kind': 'A file is wanted that “Export settings” of Tokentray has written.',
  'settings.rule.import.too-large': 'A file of at most 1 MB is wanted.',
  'settings.rule.import.profile-taken':
    'Here it is client {clientId} at {authority}, and in the file client {newClientId} at {newAuthority}. Change its id in the file, or remove the profile here first.',
  'settings.rule.import.profile-missing': 'It is registered here, and an import removes no profile.',
  'settings.rule.import.too-long':
    'At most {most} characters are wanted; more could not be shown to you whole.',
  'settings.rule.import.too-many':
    'The file has {count} hooks and paths to be confirmed; at most {most} are wanted, for all of them to be shown to you.',
  'settings.rule.import.too-long-together':
    'What is to be confirmed has {characters} characters; at most {most} are wanted, for all of it to be shown to you.',
  'settings.rule.import.too-many-entries': 'At most {most} are wanted; the file has {count}.',
  'settings.rule.import.meanwhile': 'The settings have changed meanwhile; import the file again.',
  'settings.transfer.added': 'New profile “{name}” ({id}): client {clientId} at {authority}.',
  'settings.transfer.replaced':
    'Profile “{name}” ({id}) becomes what the file says; it stays client {clientId} at {authority}.',
  'settings.transfer.default': 'The default profile becomes {id}.',
  'settings.transfer.changed': '“{setting}” becomes {value}; it was {before}.',
  'settings.transfer.hook': 'After “{event}” this program is run: {command}',
  'settings.transfer.token-file': 'The token of profile {profile} is kept in the file {path}.',
  'settings.transfer.extra-ca': 'The certificates in {path} are trusted.',
  'settings.transfer.loopback':
    'Programs on this machine may ask for tokens on 127.0.0.1, with the access key.',
  'settings.transfer.kept': 'What is not in the file stays: {names}.',
  'settings.transfer.credentials':
    'Secrets are in no such file: give each new profile its own before you sign in.',
  'settings.transfer.storage':
    'Where secrets are kept stays as it is here; “tokentray storage” is what changes it.',
  'settings.transfer.ignored':
    'This version does not know these parts of the file, and leaves them out: {names}.',
  'settings.transfer.more': 'And {count} more.',
  // ── a registration from a text that was pasted or dropped
  'settings.rule.pasted.unknown':
    'Nothing of a registration was found. A .env file is wanted, or what the Overview page of an app registration or “az ad app show” shows.',
  'settings.rule.pasted.several':
    'Several app registrations are in it ({names}); paste the lines of one of them alone.',
  'settings.rule.pasted.mixed-up':
    'A secret stands where something else is wanted, and was not taken over; compare which value is which.',
  'settings.rule.secret-elsewhere':
    'The client secret stands here, where it would be kept readable; take it out and write what belongs here.',
  'settings.rule.pasted.too-many': 'At most {most} lines are wanted; this is some other file.',
  'settings.rule.pasted.too-long': 'At most {most} characters are wanted; it was not taken over.',
  'settings.pasted.text': 'The text',
  'settings.pasted.found': 'Taken over: {names}.',
  'settings.pasted.missing': 'Not in the text: {names}.',
  'settings.pasted.callback-path':
    'The redirect URI ends in {path}; write the whole one, as it is registered.',
  // ── “Test connection” of a registration that is being typed
  'checkup.redirect.ok': 'The authority knows the redirect URI.',
  'checkup.redirect.ok.free': 'The authority knows the redirect URI, and port {port} is free.',
  'checkup.redirect.untold':
    'The authority does not say without a sign-in whether {redirectUri} is registered.',
  'checkup.redirect.untold.free':
    'Port {port} is free; the authority does not say without a sign-in whether {redirectUri} is registered.',
  'problem.redirect-unregistered': 'The authority does not know the redirect URI ({detail}).',
  'problem.redirect-unregistered.next':
    'Register {redirectUri} letter by letter: in the Entra admin center under App registrations › your app › Authentication, platform Web. Or write the one that is registered.',
  'problem.draft.no-credential': 'There is no credential to try.',
  'problem.draft.no-credential.next':
    'Give the client secret, a certificate with its key, or an assertion file.',
  // ── the next step where the form itself is what is mended: no file is imported again
  'checkup.form.secret':
    'Copy the secret’s value (not its id) from App registrations › your app › Certificates & secrets.',
  'checkup.form.expired-secret':
    'Make a new secret under App registrations › your app › Certificates & secrets, and copy its value.',
  'checkup.form.certificate':
    'Upload the certificate under App registrations › your app › Certificates & secrets, or choose the one that is there.',
  'checkup.form.client':
    'Compare both ids with App registrations › your app › Overview, in the directory of your work or school.',
  'checkup.form.provider': 'Compare client id and secret with the registration at the provider.',
  'checkup.form.again': 'Check the network connection, then test again.',
  'checkup.form.later': 'Wait a minute, then test again.',
  'checkup.form.untrusted':
    'Where a company proxy inspects the traffic, have its certificate installed in the system; then test again.',
  'checkup.form.refused':
    'The authority did not accept the test, for a reason Tokentray does not know ({detail}).',
  'checkup.form.unknown':
    'Compare every field with the registration, then test again; the administrator can look the reason up.',
  'checkup.form.port': 'End that program, or register and write a redirect URI with another port.',
  'settings.home.relative': 'TOKENTRAY_HOME must be a full path; {path} is not one.',

  // ── the tokentray command and its pages
  'cli.owner.tray': 'the tray application (process {pid})',
  'cli.owner.terminal': 'tokentray serve (process {pid})',
  'cli.owner.import': 'a tokentray command that changes settings (process {pid})',
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
  'problem.window.asked-wrongly':
    'The page asked for {call} wrongly: {field} wants {wanted}; found: {found}.',
  'problem.window.asked-wrongly.next': 'Close the window and open it again.',
  'problem.window.foreign': 'Only Tokentray’s own pages are answered.',
  'problem.window.foreign.next': 'Open “Status…” in Tokentray’s menu.',
  'problem.request.not-found': 'There is nothing at {path}.',
  'problem.request.not-found.next': 'Compare the address with the README.',
  'problem.request.method': 'This address wants {wanted}; found: {found}.',
  'problem.request.method.next': 'Ask with {wanted}.',
  'problem.request.origin': 'Requests of other web pages are not answered.',
  'problem.request.origin.next': 'Ask from a program, or open the address itself.',
  'problem.request.host': 'This server answers under its own address only.',
  'problem.request.host.next': 'Use the address that Tokentray gave: 127.0.0.1 or localhost, and its port.',
  'problem.request.pipe-key': 'The key of this login session is missing or wrong.',
  'problem.request.pipe-key.next': 'Ask with the tokentray command.',
  'problem.request.access-key': 'The access key is missing or wrong.',
  'problem.request.access-key.next':
    'Send it as “Authorization: Bearer KEY” or “X-Tokentray-Key: KEY”; tokentray serve says at its start which file holds it.',
  'problem.request.other-profile':
    'This program was started for the profile “{profile}” alone; it asked for “{found}”.',
  'problem.request.other-profile.next':
    'Leave profile= out of the request, or start the program without --profile.',
  'problem.request.key-in-url': 'A key does not belong into an address: logs and histories keep it.',
  'problem.request.key-in-url.next': 'Send it as “Authorization: Bearer KEY” or “X-Tokentray-Key: KEY”.',
  'problem.request.foreign': 'This server answers programs of this machine only.',
  'problem.request.foreign.next': 'Ask on the machine itself, or forward the socket over SSH.',
  'problem.request.malformed': 'This is not an HTTP request that can be read ({detail}).',
  'problem.request.malformed.next': 'Send a GET with its headers at once, at most 16 kB of them.',
  'problem.loopback.off': 'The loopback server is switched off.',
  'problem.loopback.off.next':
    'Switch it on with “tokentray settings loopback on”, or start the program with “tokentray exec”, which needs none.',
  'problem.loopback.key': 'The access key of this address is missing or wrong.',
  'problem.loopback.key.next':
    'Start the program with “tokentray exec”, which gives it the key, or take the variables that tokentray env prints. A program that has an old key has to be started again.',
  'problem.loopback.key-gone': 'The access key of the loopback server is not in {directory} any more.',
  'problem.loopback.key-gone.next':
    'Have a new one made: tokentray settings loopback off, then on. Programs that have the old one have to be started again.',
  'problem.loopback.key-in-url': 'A key does not belong into an address: logs and histories keep it.',
  'problem.loopback.key-in-url.next': 'Send it in a header: X-IDENTITY-HEADER or Authorization: Bearer.',
  'problem.loopback.sign-in': 'Programs get tokens here; nobody signs in at this address.',
  'problem.loopback.sign-in.next': 'Click the Tokentray icon, or run tokentray sign-in.',
  'problem.loopback.port-taken':
    'Port {port} of the loopback address cannot be opened: it is in use{holder}.',
  'problem.loopback.port-taken.next':
    'End that program, or take another port: tokentray settings loopback off, then on. Programs that had the old address may have sent their key there, so it was replaced: start them again.',
  'problem.identity.version': 'api-version wants {wanted}; found: “{found}”.',
  'problem.identity.version.next': 'Update the program’s Azure library, or write api-version={wanted}.',
  'problem.identity.resource': 'One resource is wanted; found: {count}.',
  'problem.identity.resource.next': 'Write resource=https://graph.microsoft.com, for example.',
  'problem.request.unknown': '“{name}” cannot be asked for.',
  'problem.request.unknown.next': 'Ask for {wanted} only.',
  'problem.request.resource': 'resource wants an address without spaces; found: “{found}”.',
  'problem.request.resource.next': 'Write resource=https://graph.microsoft.com, for example.',
  'problem.request.resource-and-scope': 'Both scope and resource are asked for.',
  'problem.request.resource-and-scope.next':
    'Ask for one of them: resource stands for all permissions that are granted for it.',
  'problem.request.busy': 'Too many programs ask for this at the same time.',
  'problem.request.busy.next': 'Try again in a moment.',
  'problem.request.too-large': 'The body of the request is larger than {kilobytes} kB, or was cut off.',
  'problem.request.too-large.next': 'Send the registration only.',
  'problem.request.not-json': 'The body of the request is not JSON.',
  'problem.request.not-json.next': 'Send one JSON object, as UTF-8.',
  'problem.profile.unknown': 'There is no profile “{found}”.',
  'problem.profile.unknown.next': 'Name one of these: {known}.',
  'problem.profile.id-differs': 'The address names the profile “{wanted}”; the body names “{found}”.',
  'problem.profile.id-differs.next': 'Write the same id in both.',
  'problem.profile.invalid': 'The registration was not stored. {issues}',
  'problem.profile.invalid.next': 'Correct what is named and send it again.',
  'problem.profile.unchanged': 'Nothing was changed. {issues}',
  'problem.profile.unchanged.next': 'Correct what is named and try again.',
  'problem.profile.not-kept': 'This Tokentray keeps no settings: it was started with --from-env.',
  'problem.profile.not-kept.next': 'Start it without --from-env, then register the profile.',
  'problem.request.min-lifetime': 'min_lifetime wants whole seconds; found: “{found}”.',
  'problem.request.min-lifetime.next': 'Write min_lifetime=600 for ten minutes.',
  'problem.exec-info': 'KUBERNETES_EXEC_INFO names “{found}”; known are {wanted}.',
  'problem.exec-info.next': 'Write one of them as apiVersion of the exec section in your kubeconfig.',
  'problem.request.refresh': 'refresh wants 1 or 0; found: “{found}”.',
  'problem.request.refresh.next': 'Write refresh=1 for a new token.',
  'problem.request.claims': 'claims wants a JSON object; found: “{found}”.',
  'problem.request.claims.next':
    'Send the challenge of the WWW-Authenticate header, decoded from base64, as it is.',
  'problem.request.tenant': 'A token of tenant {wanted} is asked for; this profile signs in to {found}.',
  'problem.request.tenant.next': 'Name a profile of that tenant, or add one with tokentray import.',
  'cli.help': `Usage: tokentray COMMAND [OPTIONS]   (or COMMAND --help, or --version)

  serve        own the session without a tray; pages are on the redirect port
  sign-in      print an address to sign in at (with the tray: show its window)
  token        print the access token
  exec         run a program that obtains tokens as with a managed identity
  env          print the variables for such programs
  status       who is signed in and until when
  refresh      get a new token now
  sign-out     end the session
  import       take settings and credential over from an old .env file
  profiles     list and remove app registrations, or choose the default one
  storage      show or change where secrets are kept
  settings     show or change what is no profile’s: loopback, shellCache …
  token-files  list, add or remove files that always hold a fresh token
  reload       let the running Tokentray read its settings file again
  service      let systemd or launchd run tokentray serve
  completion   what lets bash or zsh complete these commands
  doctor       look for what is wrong, and say how to mend it

Answers go to stdout, everything else to stderr; --json gives one JSON object.
Exit codes: 0 ok, 1 failure, 2 usage, 10 sign-in needed, 11 try again later,
12 configuration or administrator, 13 Tokentray is not running, 14 storage.`,
  'cli.help.serve': `Usage: tokentray serve [OPTIONS]

Owns the session until Ctrl-C or SIGTERM: renews the token, answers the other
commands, and serves pages on the redirect URI’s port of this machine only.

  --from-env FILE   use this .env for this run and keep everything in memory
  --verbose         say more on stderr
  --json            what keeps it from starting, as one JSON object

From another machine: ssh -L 5000:localhost:5000 HOST, and open the address that
is printed in the browser at home.`,
  'cli.help.sign-in': `Usage: tokentray sign-in [OPTIONS]

Prints an address to open in a browser; it works once, for ten minutes. Where
the tray application runs, its sign-in window is shown instead.

  --profile ID   of this profile; the default one otherwise
  --json         one JSON object: kind (visit or shown), url`,
  'cli.help.token': `Usage: tokentray token [OPTIONS]

Prints the access token and a line break. What ends soon is renewed first; where
that fails, what is left is printed with a warning on stderr.

  --scope SCOPE          for this scope; may be repeated, for one resource
  --resource RESOURCE    the same as --scope RESOURCE/.default
  --min-lifetime 10m     refuse a token that ends sooner (or 600, 600s, 1h)
  --refresh              a new token, whatever is left of the old one
  --profile ID           of this profile; the default one otherwise
  --header               the line “Authorization: Bearer …”
  --exec-credential      what kubectl reads from a credential plugin
  --json                 schemaVersion, accessToken, tokenType, expiresOn,
                         expires_on, scopes, account

For curl, so that no process list shows it:
  tokentray token --header | curl -H @- https://graph.microsoft.com/v1.0/me`,
  'cli.help.status': `Usage: tokentray status [OPTIONS]

Says who is signed in, until when the token is good, and what is wrong.
Exit code 0: signed in; 10: somebody has to sign in; 13: nothing runs.

  --watch        every change as well, until Ctrl-C; 13 when Tokentray ends
  --profile ID   of this profile; the default one otherwise
  --json         one JSON object; with --watch one a line`,
  'cli.help.refresh': `Usage: tokentray refresh [OPTIONS]

Gets a new token now, whatever is left of the old one, and says until when it is
good. The token itself is not printed.

  --profile ID   of this profile; the default one otherwise
  --json         one JSON object: expiresOn`,
  'cli.help.sign-out': `Usage: tokentray sign-out [OPTIONS]

Ends the session and removes everything that was stored of it; the credential of
the app registration stays.

  --profile ID   of this profile; the default one otherwise
  --json         one JSON object`,
  'cli.help.import': `Usage: tokentray import FILE [OPTIONS]

Takes an app registration over from an old .env file: its settings into the
settings file, its credential into the storage. Also while Tokentray runs.

  --profile ID              as this profile (small letters, digits, hyphens);
                            “default” otherwise
  --name NAME               what people see of it
  --default                 meant from now on where no profile is named
  --prefix EMAIL_           which names, where the file has several
                            registrations
  --protocol oidc           any OpenID provider; Entra ID otherwise
  --extra-scope "A B"       consent for another resource too; may be repeated
  --certificate FILE        PEM, not a secret; key in it or in --key FILE
  --assertion-file FILE     a file with a signed assertion instead of the secret
  --at 07:00                refresh every day at this time, or
  --cron '0 7 * * 1-5'      by a cron line of five fields, or
  --every 6h                every 1, 2, 3, 4, 6, 8, 12 or 24 hours
  --zone Asia/Seoul         in this time zone; the system’s otherwise
  --sign-in browser         the tray signs in with the system’s browser, or
                            again in its own window
  --token-file PATH         keep the fresh token in this file
  --token-file-format json  bare, json or env; bare otherwise
  --ca-file FILE            trust these certificates (PEM) as well
  --json                    what was taken over, as one JSON object`,
  'cli.help.profiles': `Usage: tokentray profiles [--json]
       tokentray profiles default ID
       tokentray profiles remove ID

Lists the registered profiles; the default one, which is meant where none is
named, has a star. remove deletes settings, credential and session of a profile
without asking, and says what was deleted.

  --json   one JSON object`,
  'cli.help.storage': `Usage: tokentray storage [--json]
       tokentray storage CHOICE [OPTIONS]

Says where secrets are kept, or changes it: everything that is stored is copied,
read again and compared before the old copy is removed. Refused while Tokentray
runs.

  auto                       the system’s keyring, where there is one
  encrypted-file             a file encrypted with AES-256-GCM, its key from
      --key-file FILE          this file (made when it is missing), or
      --systemd-credential NAME  a credential of the unit (see below), or
      --passphrase             a passphrase, asked at each start
                               (or TOKENTRAY_PASSPHRASE)
  memory                     nowhere: everything ends with the process
  plain-file                 a file that whoever reads the disk can read
  --json                     one JSON object

All encrypted files have one key: to change it, choose another storage first.
Only what systemd starts has its credentials. From a shell:
  systemd-run --user --pipe --wait -p LoadCredential=NAME:/PATH \\
    tokentray storage encrypted-file --systemd-credential NAME`,
  'cli.help.exec': `Usage: tokentray exec [--profile ID] -- CMD [ARGS]

Runs a program that obtains tokens as on a machine with a managed identity:
Azure SDKs do so by themselves (ManagedIdentityCredential and
DefaultAzureCredential). The address and key that it is given end with it. Exits
with the program’s exit code; 127 where it was not found. On Windows, .cmd and
.bat files (az, npm) are started by cmd: tokentray exec -- cmd /c az …

  --profile ID   whose tokens, and nobody else’s; the default one otherwise

They are tokens of the signed-in user, not of an application.`,
  'cli.help.env': `Usage: tokentray env [OPTIONS]

Prints the variables with which programs obtain tokens from the loopback server
(tokentray settings loopback on); they hold the access key. For a single program
“tokentray exec” is safer.

  --format F   sh, powershell or dotenv; for the system’s own shell otherwise
  --json       one JSON object`,
  'cli.help.settings': `Usage: tokentray settings [--json]
       tokentray settings NAME VALUE

Shows the settings that are no profile’s, or changes one; a running Tokentray
follows.

  loopback on|off           serve Azure’s managed-identity protocol and /token
                            on 127.0.0.1
  shellCache on|off         a file in memory that makes “tokentray token” quick
                            (Linux)
  network system|node       through what the tray asks for tokens
  clipboardClearSeconds N   when a copied token is cleared; 0: never
  logLevel warn|info|debug  how much the log file holds

  --json   one JSON object`,
  'cli.help.token-files': `Usage: tokentray token-files [--json]
       tokentray token-files add PATH [OPTIONS]
       tokentray token-files remove PATH

Lists the files that always hold a fresh token (0600, for programs that can read
nothing else), adds one, or removes one with what is in it.

  --profile ID    whose token; the default one otherwise
  --scope SCOPE   may be repeated; the profile’s own otherwise
  --format F      bare (token and line break), json, or env (ACCESS_TOKEN=…)
  --json          one JSON object`,
  'cli.help.reload': `Usage: tokentray reload [--json]

The running Tokentray reads its settings file again, for whoever edited it by
hand (hooks are written there only). What is wrong with the file is said, and
nothing changes then.

  --json   one JSON object`,
  'cli.help.service': `Usage: tokentray service [print|install|uninstall] [OPTIONS]

Makes what starts “tokentray serve” with each login: a user unit of systemd on
Linux, an agent of launchd on macOS. install writes the file and starts it,
uninstall takes both away, print only shows the file. Install again after
Tokentray or Node have moved.

  --credential FILE   the key of encrypted files, where the storage is
                      encrypted-file --systemd-credential NAME
  --json              one JSON object

A file that somebody has changed is left as it is: lines of your own belong into
a drop-in (systemctl --user edit tokentray). “systemctl --user reload tokentray”
reads the settings again, as does SIGHUP. Where nobody logs in, the unit wants
loginctl enable-linger.`,
  'cli.help.completion': `Usage: tokentray completion bash|zsh

Prints what lets the shell complete commands, options, files and profiles.

For bash, in ~/.bashrc:                  eval "$(tokentray completion bash)"
For zsh, in ~/.zshrc after compinit:     source <(tokentray completion zsh)`,
  'cli.help.doctor': `Usage: tokentray doctor [OPTIONS]

Looks at settings, storage, network, authority, clock, redirect port, credential
and session, and says of each whether it is well, and how to mend it if not.
Exit code 0: all is well; otherwise that of the first trouble.

  --profile ID   of this profile; the default one otherwise
  --json         one JSON object`,
  'problem.command-line': '{detail}',
  'problem.command-line.next': '{help} explains it.',
  'cli.usage.no-command': 'A command is wanted: {wanted}.',
  'cli.usage.command': 'There is no command “{found}”. Wanted: {wanted}.',
  'cli.usage.command-meant': 'There is no command “{found}”. Did you mean {meant}?',
  'cli.usage.option-meant': 'tokentray {command} has no option “{found}”. Did you mean {meant}?',
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
  'cli.usage.alone': '{option} belongs to one of {wanted}, which was not found.',
  'cli.usage.choice': '{option} wants one of {wanted}; found: “{found}”.',
  'cli.usage.action': 'tokentray {command} wants one of {wanted}; found: “{found}”.',
  'cli.usage.key-source':
    'tokentray storage encrypted-file wants one of --key-file FILE, --systemd-credential NAME, --passphrase; nothing was found.',
  'cli.usage.key-elsewhere':
    '{option} belongs to tokentray storage encrypted-file; it was found at tokentray {command}.',
  'cli.failed': 'Something went wrong that Tokentray does not know ({detail}).',
  'cli.exec.signed-out':
    'Nobody is signed in at the moment: the program gets no token until somebody is. Sign in with: tokentray sign-in',
  'cli.exec.not-started': '{program} could not be started ({detail}).',
  'cli.exec.not-started.windows':
    'If it is a .cmd or .bat file, as az and npm are, let cmd start it: tokentray exec -- cmd /c {program}',
  'cli.env.hint.sh': 'In a shell: eval "$(tokentray env)"',
  'cli.env.hint.powershell': 'In PowerShell: tokentray env | Out-String | Invoke-Expression',
  'cli.env.hint.dotenv': 'These lines hold the access key: keep the file to yourself.',
  'cli.settings.changed': '{name} is {value} from now on.',
  'cli.settings.restart': 'The running Tokentray goes by it after its next start.',
  'cli.reloaded': 'The settings are read again: {file}',
  'cli.service.written': '{file} is written.',
  'cli.service.unchanged': '{file} is as it should be.',
  'cli.service.started': 'Tokentray runs as a service now, and starts with each login.',
  'cli.service.by-hand': 'The service cannot be started from here. Where you are logged in, type: {commands}',
  'cli.service.linger': 'To run it while nobody is logged in: loginctl enable-linger',
  'cli.service.passphrase':
    'Nobody can be asked for the passphrase there: choose encrypted-file --key-file FILE (tokentray storage --help).',
  'cli.service.none': 'There is no {file}, so there is nothing to take away.',
  'cli.service.removed': '{file} is removed.',
  'cli.service.not-ended':
    'Whether the service still runs could not be found out from here. To end it: {commands}',
  'service.description': 'Tokentray: a fresh access token for the programs of this user',
  'service.made': 'Made by “tokentray service install”.',
  'service.drop-in': 'Lines of your own belong into a drop-in: systemctl --user edit tokentray',
  'service.note.notify': 'It tells by systemd-notify, a child, when tokens are served.',
  'service.note.exit': 'The command line or the settings are wrong: another start would find the same.',
  'service.note.kill': 'The last save may go through a child, which must not end before it.',
  'service.note.core': 'A core dump would hold the tokens.',
  'service.note.credential':
    'The key of the encrypted files. As “systemd-creds encrypt” makes it (systemd 256): LoadCredentialEncrypted={name}:FILE',
  'service.note.successful-exit':
    'Who ends it in order, the tray application too, is not to find it started again.',
  'service.note.output': 'It has a log of its own, which is kept short; what launchd writes is not.',
  'service.credential-file': '/PATH/OF/THE/KEY',
  'problem.service.windows': 'Windows has no services that are a user’s own.',
  'problem.service.windows.next':
    'Let the tray application start at login (its menu), or make a task for “tokentray serve” in the Task Scheduler.',
  'problem.service.path': 'A path has characters that cannot be written there: “{path}”.',
  'problem.service.path.next': 'Rename what is named, and try again.',
  'problem.service.changed':
    '{file} was changed since Tokentray wrote it, or is not Tokentray’s, so it was left as it is.',
  'problem.service.changed.next':
    'Keep your lines (with systemd in a drop-in: systemctl --user edit tokentray), remove the file, and try again.',
  'problem.service.failed': '{command} did not go well ({detail}).',
  'problem.service.failed.next': 'See what is wrong: {look}',
  'problem.service.credential-missing':
    'The key of the storage is the systemd credential “{name}”, and the file that it comes from was not named.',
  'problem.service.credential-missing.next': 'Write --credential FILE.',
  'problem.service.credential-unwanted':
    '--credential was found, but the key of the storage is no systemd credential.',
  'problem.service.credential-unwanted.next':
    'Leave it out, or choose first: tokentray storage encrypted-file --systemd-credential NAME.',
  'cli.token-files.none': 'No file is kept fresh. Add one: tokentray token-files add PATH.',
  'cli.token-files.added.owner': '{path} holds the fresh token from now on.',
  'cli.token-files.added.command': '{path} will hold the fresh token while Tokentray runs.',
  'cli.token-files.removed': '{path} is no longer kept fresh, and what was written to it is deleted.',
  'cli.profiles.none': 'No app registration is stored. Import one: tokentray import FILE.',
  'cli.profiles.line': '{mark} {id}  {name}: client {clientId} at {authority}',
  'cli.profiles.default': '{id} is meant from now on where no profile is named.',
  'cli.profiles.removed': 'Profile {id} is removed: its settings, its credential and its session.',
  'cli.profiles.token-file.deleted': 'Its token file is deleted: {path}',
  'cli.profiles.token-file.left':
    'Its token file is left, because it does not hold what Tokentray wrote, or could not be removed: {path}',
  'cli.storage.chosen': 'Secrets are kept in {place}.',
  'cli.storage.tested': 'Used now: {place}; writing, reading and deleting work.',
  'cli.storage.untried': 'Only the running host has its key, so it was not tried.',
  'cli.storage.choice.auto': 'the system’s keyring, or in memory where there is none',
  'cli.storage.choice.memory': 'memory only',
  'cli.storage.choice.plain-file': 'plain files',
  'cli.storage.choice.key-file': 'encrypted files, their key in {path}',
  'cli.storage.choice.systemd-credential': 'encrypted files, their key from the systemd credential {name}',
  'cli.storage.choice.passphrase': 'encrypted files, their key from a passphrase',
  'cli.storage.backend.secret-service': 'the Secret Service (GNOME Keyring or KWallet)',
  'cli.storage.backend.keychain': 'the Keychain',
  'cli.storage.backend.dpapi': 'files encrypted by Windows for this user',
  'cli.storage.backend.encrypted-file': 'encrypted files',
  'cli.storage.backend.plain-file': 'plain files, readable by whoever reads the disk',
  'cli.storage.backend.memory': 'memory; everything ends with the process',
  'cli.storage.key-made':
    'A new key was written to {file}. Without it nothing that is stored can be read: keep a copy.',
  'cli.storage.switched': 'From now on secrets are kept in {place}.',
  'cli.storage.moved':
    'What was stored was copied, read again and compared, then removed from the old place.',
  'cli.storage.deleted': 'What was stored is deleted: nothing is kept beyond a process from now on.',
  'cli.storage.copied':
    'What was stored was copied, read again and compared, but the old place did not let everything be removed ({detail}): remove there what is left.',
  'cli.storage.left':
    'The old place cannot be reached from here, so nothing was moved: import the .env file again.',
  'cli.storage.plain':
    'Warning: credential and tokens now lie unencrypted on the disk. Whoever can read these files, a backup included, can use them.',
  'doctor.mark.ok': 'ok',
  'doctor.mark.trouble': 'trouble',
  'doctor.mark.skipped': 'skipped',
  'doctor.line': '{mark}  {name} {detail}',
  'doctor.next': '         {next}',
  'doctor.version': 'Tokentray {version}, Node {node}, {platform} {arch}.',
  'doctor.settings': '{file} can be used (profiles: {names}).',
  'doctor.settings.passing': 'Not used: the host was started with --from-env.',
  'doctor.policy': '{file} holds.',
  'doctor.policy.none': 'There is none for this machine.',
  'doctor.owner': 'Running: {owner}.',
  'doctor.owner.none': 'Tokentray is not running; the rest was looked at without it.',
  'doctor.proxy': '{name}, from {variable}.',
  'doctor.proxy.none': 'None is set; the authority is reached directly.',
  'doctor.port.free': 'Port {port} is free.',
  'doctor.port.ours': 'Port {port} is held by tokentray serve itself.',
  'doctor.port.window': '{redirectUri} needs no port: the tray application’s window catches it.',
  'doctor.port.elsewhere': '{redirectUri} is not on this machine.',
  'doctor.refresh.last': 'The last one was at {time}.',
  'doctor.refresh.next': 'The next one is due at {time}.',
  'doctor.refresh.none': 'None since the start.',
  'problem.policy.unusable': 'The machine’s policy does not hold: {detail}',
  'problem.policy.unusable.next': 'Tell the administrator of this machine.',
  'cli.waiting.authority': 'Waiting for the authority…',
  'cli.waiting.owner': 'Waiting for Tokentray…',
  'cli.waiting.storage': 'Waiting for the storage…',
  'cli.passphrase.ask': 'Passphrase of the encrypted file:',
  'cli.passphrase.new': 'New passphrase for the encrypted file:',
  'cli.passphrase.again': 'The same again:',
  'cli.passphrase.different': 'These were two different ones.',
  'cli.passphrase.no-terminal': 'the passphrase is wanted: run it on a terminal, or set TOKENTRAY_PASSPHRASE',
  'cli.sign-in.shown': 'Tokentray shows its sign-in window.',
  'cli.sign-in.open': 'Open this address within ten minutes; it works once:',
  'cli.signed-out': 'Signed out.',
  'cli.import.memory': 'the settings say that nothing is stored',
  'cli.import.registration': '  Client {clientId} at {authority}',
  'cli.import.redirect': '  Redirect URI {redirectUri}',
  'cli.import.scopes': '  Scopes: {scopes}',
  'cli.import.secret': '  The client secret is stored; the file is no longer needed.',
  'cli.import.certificate':
    '  The certificate {subject} is stored with its key; it ends on {date}. Thumbprint (SHA-256): {thumbprint}',
  'cli.import.assertion-file': '  The client assertion is read from {path} each time.',
  'cli.import.token-file': '  The fresh token will be in {path} ({format}).',
  'cli.import.profile': '  Profile {id}',
  'cli.import.sign-in': '  The tray signs in with the system’s browser.',
  'cli.import.in-use': 'The running Tokentray uses it now. To sign in: tokentray sign-in.',
  'problem.import.refused': '{file} was not imported. {issues}',
  'problem.import.refused.next': 'Correct what is named and import it again.',
  'problem.import.ca-file': 'The certificates to trust cannot be changed while Tokentray runs.',
  'problem.import.ca-file.next': 'End Tokentray, import the file again, then start Tokentray.',
  'cli.import.schedule': '  Refreshed by the clock: {cron} in {zone}',
  'cli.import.no-schedule':
    '  Renewed before it expires only. The old application also refreshed at 07:00: import again with --at 07:00 for that.',
  'cli.import.next': 'Start the tray application, or run tokentray serve.',
  'problem.settings.unusable': 'The settings in {file} cannot be used: {detail}',
  'problem.settings.unusable.next': 'Correct the file, or remove it and import the .env file again.',
  'problem.storage.another-key':
    'The files in {directory} are encrypted with another key, and they can have one only.',
  'problem.storage.another-key.next':
    'Choose another storage first, with the key as it is now: tokentray storage auto, or plain-file. Then choose encrypted-file with the new key.',
  'problem.storage.unusable': 'The storage cannot be used ({detail}).',
  'problem.storage.unusable.next': 'Mend what is named, or choose another storage: tokentray storage --help.',
  'cli.settings.not-json': 'it is not JSON.',
  'cli.settings.set-aside': 'They were set aside as {file}. Import the .env file again.',
  'cli.serve.open': 'Open {url} to sign in (within ten minutes; it works once).',
  'cli.serve.page': 'tokentray sign-in prints an address to see this in a browser.',
  'cli.serve.ssh': 'From your own machine: ssh -L {port}:localhost:{port} to this one first.',
  'cli.serve.key': 'The access key for /token is in {file}.',
  'cli.serve.profile': '{name}: {text}',
  'policy.left-out': 'The policy in {file} cannot be used, so it is left out:',
  'cli.serve.no-page':
    'This profile is served to programs only: its redirect URI, {redirectUri}, is not on this machine.',
  'cli.notify.nobody': 'Nobody is signed in: tokentray sign-in',
  'cli.notify.one': 'Signed in: {names}',
  'cli.notify.several': 'Signed in to {count} of {total} profiles: {names}',
  'cli.serve.storage-recovered': 'The storage can be used again; what it holds is served.',
  'web.ask-for-address': 'To sign in, run tokentray sign-in and open the address that it prints.',
  'web.sign-in': 'Sign in',
  'web.sign-in-again': 'Sign in again',
  'web.refused': 'This did not work',
  'web.home.name': 'Name',
  'web.home.mail': 'Mail',
  'web.home.token': 'Access token',
  'web.home.good-until': 'Good until',
  'web.home.without-script':
    'With JavaScript, this page also shows the token’s life, the last seven days and the decoded token.',
  'web.home.close': 'You can close this page. Programs get the token with “tokentray token”.',
  'problem.starting': 'Tokentray is still starting.',
  'problem.starting.next': 'Ask again in a moment.',
  'problem.import.no-vault': 'The credential could not be stored, so nothing was imported ({detail}).',
  'problem.import.no-vault.next':
    'Start or unlock the system’s keyring and import again; or choose an encrypted file first (tokentray storage encrypted-file --key-file FILE); or use tokentray serve --from-env FILE, which keeps everything in memory.',
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
