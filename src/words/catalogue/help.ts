/** The help texts: `cli.help`, `cli.help.*`. */
export const helpWords = {
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
} as const;
