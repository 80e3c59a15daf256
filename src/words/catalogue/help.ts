/** The help texts: `cli.help`, `cli.help.*`. */
export const helpWords = {
  'cli.help': `Usage: tokentray COMMAND [OPTIONS]   (or COMMAND --help, or --version)

  serve        keep the session without a tray, with web pages to sign in
  sign-in      print an address to sign in at (with the tray: open its window)
  token        print the access token
  exec         run a program that gets tokens as from a managed identity
  env          print the environment variables for such programs
  status       show who is signed in and until when
  refresh      get a new token now
  sign-out     sign out and delete the stored session
  import       import settings and credential from an old .env file
  profiles     list or remove app registrations, or choose the default one
  storage      show or change where secrets are kept
  settings     show or change the settings that apply to all profiles
  token-files  list, add or remove files that always contain a fresh token
  reload       make the running Tokentray read its settings file again
  service      run tokentray serve at login, with systemd or launchd
  completion   print a completion script for bash or zsh
  doctor       find problems and show how to fix them

Answers go to stdout, everything else to stderr; --json prints one JSON object.
Exit codes: 0 ok, 1 failure, 2 usage, 10 sign-in needed, 11 try again later,
12 configuration or administrator, 13 Tokentray is not running, 14 storage.`,
  'cli.help.serve': `Usage: tokentray serve [OPTIONS]

Keeps the session until Ctrl-C or SIGTERM: renews the token, answers the other
commands, and serves its pages on the port of the redirect URI, on this machine
only.

  --from-env FILE   use this .env for this run and keep everything in memory
  --verbose         write more to stderr
  --json            print a startup failure as one JSON object

From another machine, run ssh -L 5000:localhost:5000 HOST, then open the printed
address in your own browser.`,
  'cli.help.sign-in': `Usage: tokentray sign-in [OPTIONS]

Prints an address to open in a browser. It works once, within ten minutes. If
the tray application is running, its sign-in window opens instead.

  --profile ID   the profile to sign in to; the default profile if omitted
  --json         print one JSON object: kind (visit or shown), url`,
  'cli.help.token': `Usage: tokentray token [OPTIONS]

Prints the access token and a line break. A token that expires soon is renewed
first; if that fails, the current token is printed with a warning on stderr.

  --scope SCOPE          a scope to request; repeat for more of one resource
  --resource RESOURCE    the same as --scope RESOURCE/.default
  --min-lifetime 10m     fail if the token expires sooner (or 600, 600s, 1h)
  --refresh              get a new token even if the current one is valid
  --profile ID           the profile to use; the default profile if omitted
  --header               print the line “Authorization: Bearer …”
  --exec-credential      print what kubectl expects from a credential plugin
  --json                 print schemaVersion, accessToken, tokenType, expiresOn,
                         expires_on, scopes, account

For curl, without the token in the process list:
  tokentray token --header | curl -H @- https://graph.microsoft.com/v1.0/me`,
  'cli.help.status': `Usage: tokentray status [OPTIONS]

Shows who is signed in, how long the token is valid, and any problems.
Exit codes: 0 signed in, 10 sign-in needed, 13 Tokentray is not running.

  --watch        print changes until Ctrl-C; exit with 13 if Tokentray quits
  --profile ID   the profile to show; the default profile if omitted
  --json         print one JSON object; with --watch, one on each line`,
  'cli.help.refresh': `Usage: tokentray refresh [OPTIONS]

Gets a new token now, even if the current one is valid, and shows when it
expires. Does not print the token.

  --profile ID   the profile to refresh; the default profile if omitted
  --json         print one JSON object: expiresOn`,
  'cli.help.sign-out': `Usage: tokentray sign-out [OPTIONS]

Signs out and deletes the stored session. The credential of the app registration
is kept.

  --profile ID   the profile to sign out of; the default profile if omitted
  --json         print one JSON object`,
  'cli.help.import': `Usage: tokentray import FILE [OPTIONS]

Imports an app registration from an old .env file: its settings into the
settings file, its credential into the storage. Tokentray can be running.

  --profile ID              import as this profile (lowercase letters, digits,
                            hyphens); “default” if omitted
  --name NAME               the profile’s display name
  --default                 make it the default profile
  --prefix EMAIL_           use the variables with this prefix, if the file
                            contains several registrations
  --protocol oidc           use any OpenID provider; Entra ID if omitted
  --extra-scope "A B"       ask for consent to another resource; can be repeated
  --certificate FILE        use this PEM certificate, not a client secret; with
                            its key in the same file or in --key FILE
  --assertion-file FILE     use this file with a signed assertion, not a secret
  --at 07:00                refresh every day at this time, or
  --cron '0 7 * * 1-5'      on a cron schedule with five fields, or
  --every 6h                every 1, 2, 3, 4, 6, 8, 12 or 24 hours
  --zone Asia/Seoul         the schedule’s time zone; the system’s if omitted
  --sign-in browser         the tray signs in with the system browser; “window”
                            for its own window
  --token-file PATH         keep a fresh token in this file
  --token-file-format json  bare, json or env; bare if omitted
  --ca-file FILE            also trust these certificates (PEM)
  --json                    print what was imported as one JSON object`,
  'cli.help.profiles': `Usage: tokentray profiles [--json]
       tokentray profiles default ID
       tokentray profiles remove ID

Lists the profiles; the default profile is marked with a star. “remove” deletes
a profile’s settings, credential and session without confirmation and shows what
was deleted.

  --json   print one JSON object`,
  'cli.help.storage': `Usage: tokentray storage [--json]
       tokentray storage CHOICE [OPTIONS]

Shows where secrets are kept, or changes it: everything stored is copied, read
back and compared before the old copy is deleted. Quit Tokentray first.

  auto                       the system keyring, if there is one
  encrypted-file             files encrypted with AES-256-GCM, the key from
      --key-file FILE          this file (created if missing),
      --systemd-credential NAME  a credential of the unit (see below), or
      --passphrase             a passphrase, asked for at each start
                               (or TOKENTRAY_PASSPHRASE)
  memory                     memory only; lost when Tokentray quits
  plain-file                 unencrypted files
  --json                     print one JSON object

All encrypted files share one key: to change it, choose another storage first.
Only processes that systemd starts can read its credentials. In a shell:
  systemd-run --user --pipe --wait -p LoadCredential=NAME:/PATH \\
    tokentray storage encrypted-file --systemd-credential NAME`,
  'cli.help.exec': `Usage: tokentray exec [--profile ID] -- CMD [ARGS]

Runs a program that gets tokens as on a machine with a managed identity. Azure
SDKs do this automatically (ManagedIdentityCredential, DefaultAzureCredential).
The address and key passed to the program stop working when it exits. Exits with
the program’s exit code, or 127 if it was not found. On Windows, start .cmd and
.bat files (az, npm) with cmd: tokentray exec -- cmd /c az …

  --profile ID   the only profile the program can use; the default profile if
                 omitted

The tokens are the signed-in user’s, not an application’s.`,
  'cli.help.env': `Usage: tokentray env [OPTIONS]

Prints the environment variables with which programs get tokens from the
loopback server (tokentray settings loopback on), including the access key. For
a single program, “tokentray exec” is safer.

  --format F   sh, powershell or dotenv; the system’s own shell if omitted
  --json       print one JSON object`,
  'cli.help.settings': `Usage: tokentray settings [--json]
       tokentray settings NAME VALUE

Shows the settings that apply to all profiles, or changes one. A running
Tokentray applies the change.

  loopback on|off           serve Azure’s managed-identity protocol and /token
                            on 127.0.0.1
  shellCache on|off         speed up “tokentray token” with an in-memory file
                            (Linux)
  network system|node       the network settings that the tray uses: the
                            system’s, or the environment variables
  clipboardClearSeconds N   when to clear a copied token; 0: never
  logLevel warn|info|debug  how much to write to the log file

  --json   print one JSON object`,
  'cli.help.token-files': `Usage: tokentray token-files [--json]
       tokentray token-files add PATH [OPTIONS]
       tokentray token-files remove PATH

Lists the files that always contain a fresh token (mode 0600, for programs that
can only read a file), adds one, or removes one and deletes its contents.

  --profile ID    the profile to use; the default profile if omitted
  --scope SCOPE   a scope to request; can be repeated; the profile’s if omitted
  --format F      bare (token and line break), json, or env (ACCESS_TOKEN=…)
  --json          print one JSON object`,
  'cli.help.reload': `Usage: tokentray reload [--json]

Makes the running Tokentray read its settings file again after you edited it
(hooks can only be set there). If the file has errors, they are shown and
nothing changes.

  --json   print one JSON object`,
  'cli.help.service': `Usage: tokentray service [print|install|uninstall] [OPTIONS]

Runs “tokentray serve” at login: as a systemd user unit on Linux, as a launchd
agent on macOS. “install” writes the service file and starts the service,
“uninstall” stops it and deletes the file, “print” only shows the file. Install
again after you move or update Tokentray or Node.

  --credential FILE   the key of the encrypted files, if the storage is
                      encrypted-file --systemd-credential NAME
  --json              print one JSON object

A file that was edited is not overwritten: put your own lines in a drop-in
(systemctl --user edit tokentray). “systemctl --user reload tokentray” and
SIGHUP read the settings again. To run the service while you are logged out, run
loginctl enable-linger.`,
  'cli.help.completion': `Usage: tokentray completion bash|zsh

Prints a script that completes commands, options, files and profiles.

For bash, in ~/.bashrc:                  eval "$(tokentray completion bash)"
For zsh, in ~/.zshrc after compinit:     source <(tokentray completion zsh)`,
  'cli.help.doctor': `Usage: tokentray doctor [OPTIONS]

Tests settings, storage, network, authority, clock, redirect port, credential
and session, and shows how to fix each problem.
Exit code: 0 if all tests passed, otherwise the code of the first problem.

  --profile ID   the profile to test; the default profile if omitted
  --json         print one JSON object`,
} as const;
