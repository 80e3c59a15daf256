/**
 * The texts of the help, by command: `summary` (one line of the list), `about`, `option.NAME`, `value.CHOICE` of an
 * argument, `notes`. `cli.option.NAME` is the text of an option in every command that has none of its own.
 */
export const commandHelp = {
  'cli.option.profile': 'the profile to use; the default profile if omitted',
  'cli.option.json': 'print one JSON object',
  'cli.token.summary': 'print the access token',
  'cli.token.about':
    'Prints the access token and a line break. A token that expires soon is renewed first; if that fails, the current token is printed with a warning on stderr.',
  'cli.token.option.scope': 'a scope to request; repeat it for more scopes of one resource',
  'cli.token.option.resource': 'the same as --scope RESOURCE/.default',
  'cli.token.option.min-lifetime': 'fail if the token expires sooner: 10m, 600, 600s or 1h',
  'cli.token.option.refresh': 'get a new token even if the current one is valid',
  'cli.token.option.header': 'print the line “Authorization: Bearer …”',
  'cli.token.option.exec-credential': 'print what kubectl expects from a credential plugin',
  'cli.token.option.json':
    'print schemaVersion, accessToken, tokenType, expiresOn, expires_on, scopes and account as one JSON object',
  'cli.token.notes': 'The example for curl keeps the token out of the process list.',
  'cli.exec.summary': 'run a program that gets tokens as from a managed identity',
  'cli.exec.about':
    'Runs a program that gets tokens as on a machine with a managed identity. Azure SDKs do this automatically (ManagedIdentityCredential, DefaultAzureCredential).',
  'cli.exec.option.profile': 'the only profile the program can use; the default profile if omitted',
  'cli.exec.notes':
    'The address and key passed to the program stop working when it exits. The tokens are the signed-in user’s, not an application’s.\n\nExits with the program’s exit code, or with 127 if it was not found. On Windows, start .cmd and .bat files (az, npm) with cmd: tokentray exec -- cmd /c az …',
  'cli.env.summary': 'print the environment variables for such programs',
  'cli.env.about':
    'Prints the environment variables with which programs get tokens from the loopback server (tokentray settings loopback on). They contain the access key. For a single program, “tokentray exec” is safer.',
  'cli.env.option.format': 'what reads the variables; the system’s own shell if omitted',
  'cli.token-files.summary': 'list, add or remove files that always contain a fresh token',
  'cli.token-files.about':
    'Lists the files that always contain a fresh token, adds one, or removes one. They are for programs that can only read a file, and have the mode 0600.',
  'cli.token-files.value.add': 'keep a fresh token in the file PATH',
  'cli.token-files.value.remove': 'stop that, and delete what was written to the file',
  'cli.token-files.option.scope': 'a scope to request; can be repeated; the profile’s own if omitted',
  'cli.token-files.option.format':
    'bare: the token and a line break; json: as “tokentray token --json”; env: ACCESS_TOKEN=…; bare if omitted',
  'cli.sign-in.summary': 'print an address to sign in at',
  'cli.sign-in.about':
    'Prints an address to open in a browser. It works once, within ten minutes. If the tray application is running, its sign-in window opens instead.',
  'cli.sign-in.option.profile': 'the profile to sign in to; the default profile if omitted',
  'cli.sign-in.option.json': 'print one JSON object: kind (visit or shown), url',
  'cli.status.summary': 'show who is signed in and until when',
  'cli.status.about': 'Shows who is signed in, how long the token is valid, and any problems.',
  'cli.status.option.watch': 'also print every change, until Ctrl-C; exit with 13 if Tokentray quits',
  'cli.status.option.profile': 'the profile to show; the default profile if omitted',
  'cli.status.option.json': 'print one JSON object; with --watch, one on each line',
  'cli.status.notes':
    'Exit codes: 0 signed in with a valid token, 10 sign-in needed, 11 no valid token, try again later, 12 no valid token, configuration or administrator, 13 Tokentray is not running, 14 no valid token, storage.',
  'cli.refresh.summary': 'get a new token now',
  'cli.refresh.about':
    'Gets a new token now, even if the current one is valid, and shows when it expires. Does not print the token.',
  'cli.refresh.option.profile': 'the profile to refresh; the default profile if omitted',
  'cli.refresh.option.json': 'print one JSON object: expiresOn',
  'cli.sign-out.summary': 'sign out and delete the stored session',
  'cli.sign-out.about':
    'Signs out and deletes everything stored for the session. The credential of the app registration is kept.',
  'cli.sign-out.option.profile': 'the profile to sign out of; the default profile if omitted',
  'cli.import.summary': 'import settings and credential from an old .env file',
  'cli.import.about':
    'Imports an app registration from an old .env file: its settings into the settings file, its credential into the storage. Tokentray can be running.',
  'cli.import.option.profile':
    'import as this profile (lowercase letters, digits, hyphens); “default” if omitted',
  'cli.import.option.name': 'the profile’s display name',
  'cli.import.option.default': 'make it the default profile',
  'cli.import.option.prefix':
    'use the variables with this prefix (EMAIL_), if the file contains several registrations',
  'cli.import.option.protocol': 'oidc: any OpenID provider; entra: Entra ID, also if omitted',
  'cli.import.option.extra-scope':
    'ask for consent to another resource as well: its scopes, separated by spaces; can be repeated',
  'cli.import.option.certificate': 'use this PEM certificate instead of a client secret',
  'cli.import.option.key': 'the key of the certificate, if it is not in the same file',
  'cli.import.option.assertion-file': 'use this file with a signed assertion instead of a client secret',
  'cli.import.option.at': 'refresh every day at this time: 07:00',
  'cli.import.option.cron': 'refresh on a cron schedule with five fields: 0 7 * * 1-5',
  'cli.import.option.every': 'refresh every 1h, 2h, 3h, 4h, 6h, 8h, 12h or 24h',
  'cli.import.option.zone': 'the time zone of the schedule (Asia/Seoul); the system’s if omitted',
  'cli.import.option.sign-in': 'where the tray signs in: in its own window, or in the system browser',
  'cli.import.option.token-file': 'keep a fresh token in this file',
  'cli.import.option.token-file-format': 'the format of the token file; bare if omitted',
  'cli.import.option.ca-file': 'also trust these certificates (PEM)',
  'cli.import.option.json': 'print what was imported as one JSON object',
  'cli.profiles.summary': 'list or remove app registrations, or choose the default one',
  'cli.profiles.about':
    'Lists the profiles; the default profile is marked with a star. Or chooses the default profile, or removes a profile.',
  'cli.profiles.value.default': 'make ID the default profile',
  'cli.profiles.value.remove':
    'delete the settings, the credential and the session of ID without confirmation, and show what was deleted',
  'cli.storage.summary': 'show or change where secrets are kept',
  'cli.storage.about':
    'Shows where secrets are kept, or changes it: everything stored is copied, read back and compared before the old copy is deleted. Quit Tokentray first.',
  'cli.storage.value.auto': 'the system keyring, if there is one',
  'cli.storage.value.encrypted-file':
    'files encrypted with AES-256-GCM; one of --key-file, --systemd-credential and --passphrase says where the key is',
  'cli.storage.value.memory': 'memory only; lost when Tokentray quits',
  'cli.storage.value.plain-file': 'unencrypted files',
  'cli.storage.option.key-file': 'the key is in this file, which is created if it is missing',
  'cli.storage.option.systemd-credential': 'the key is a credential of the systemd unit',
  'cli.storage.option.passphrase':
    'the key is a passphrase, asked for at each start, or in TOKENTRAY_PASSPHRASE',
  'cli.storage.notes':
    'All encrypted files share one key: to change it, choose another storage first. Only processes that systemd starts can read its credentials, so start the command as in the last example.',
  'cli.settings.summary': 'show or change the settings that apply to all profiles',
  'cli.settings.about':
    'Shows the settings that apply to all profiles, or changes one. A running Tokentray applies the change.',
  'cli.settings.value.loopback': 'on or off: serve Azure’s managed-identity protocol and /token on 127.0.0.1',
  'cli.settings.value.shellCache': 'on or off: speed up “tokentray token” with an in-memory file (Linux)',
  'cli.settings.value.network':
    'system or node: the tray uses the network settings of the system, or the environment variables',
  'cli.settings.value.clipboardClearSeconds': 'after how many seconds to clear a copied token; 0: never',
  'cli.settings.value.logLevel': 'warn, info or debug: how much to write to the log file',
  'cli.completion.summary': 'print a completion script for bash or zsh',
  'cli.completion.about': 'Prints a script that completes commands, options, files and profiles.',
  'cli.completion.value.bash': 'in ~/.bashrc: eval "$(tokentray completion bash)"',
  'cli.completion.value.zsh': 'in ~/.zshrc after compinit: source <(tokentray completion zsh)',
  'cli.serve.summary': 'keep the session without a tray, with web pages to sign in',
  'cli.serve.about':
    'Keeps the session until Ctrl-C or SIGTERM: renews the token, answers the other commands, and serves its pages on the port of the redirect URI, on this machine only.',
  'cli.serve.option.from-env': 'use this .env for this run and keep everything in memory',
  'cli.serve.option.verbose': 'write more to stderr',
  'cli.serve.option.json': 'print a startup failure as one JSON object',
  'cli.serve.notes':
    'From another machine, run ssh -L 5000:localhost:5000 HOST, then open the printed address in your own browser.',
  'cli.service.summary': 'run tokentray serve at login, with systemd or launchd',
  'cli.service.about':
    'Runs “tokentray serve” at login: as a systemd user unit on Linux, as a launchd agent on macOS. Install again after you move or update Tokentray or Node.',
  'cli.service.value.print': 'show the service file only; also if omitted',
  'cli.service.value.install': 'write the service file and start the service',
  'cli.service.value.uninstall': 'stop the service and delete the file',
  'cli.service.option.credential':
    'the key of the encrypted files, if the storage is encrypted-file --systemd-credential NAME',
  'cli.service.notes':
    'A file that was edited is not overwritten: put your own lines in a drop-in (systemctl --user edit tokentray). “systemctl --user reload tokentray” and SIGHUP read the settings again. To run the service while you are logged out, run loginctl enable-linger.',
  'cli.reload.summary': 'make the running Tokentray read its settings file again',
  'cli.reload.about':
    'Makes the running Tokentray read its settings file again after you edited it (hooks can only be set there). If the file has errors, they are shown and nothing changes.',
  'cli.doctor.summary': 'find problems and show how to fix them',
  'cli.doctor.about':
    'Tests settings, storage, network, authority, clock, redirect port, credential and session, and shows how to fix each problem.',
  'cli.doctor.option.profile': 'the profile to test; the default profile if omitted',
  'cli.doctor.notes': 'Exit code: 0 if all tests passed, otherwise the code of the first problem.',
  'cli.help.summary': 'show this list, or the help of a command: tokentray help token',
  'cli.help.usage': 'COMMAND [OPTIONS]',
  'cli.help.option': 'show this help',
  'cli.help.version': 'show the version',
  'cli.help.examples': 'Examples:',
  'cli.help.group.token': 'Get a token:',
  'cli.help.group.session': 'Sign in and out:',
  'cli.help.group.setup': 'Set up:',
  'cli.help.group.run': 'Run:',
  'cli.help.group.diagnose': 'Diagnose:',
  'cli.help.notes':
    'Answers go to stdout, everything else to stderr; --json prints one JSON object.\nExit codes: 0 ok, 1 failure, 2 usage, 10 sign-in needed, 11 try again later, 12 configuration or administrator, 13 Tokentray is not running, 14 storage.',
} as const;
