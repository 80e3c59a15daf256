/** Rules that a setting can break, and reports on an import: `settings.rule.*`, `settings.warning.*`, `settings.transfer.*`, `settings.pasted.*`. A rule says what a value must be; `settings.issue` adds the field and the value found. */
export const settingsRuleWords = {
  'settings.issue': '{field}: {wanted} Found: {found}',
  'settings.issue.nothing-found': '{field}: {wanted}',
  'settings.found.list': 'a list',
  'settings.found.object': 'an object',
  'settings.rule.object': 'Must be an object with named fields.',
  'settings.rule.list': 'Must be a list.',
  'settings.rule.version':
    'Must be version 1 of the settings; a newer version of Tokentray may have written this file.',
  'settings.rule.profile-name': 'Must be a name of 1 to 60 printable characters.',
  'settings.rule.profile-twice': 'Each profile must have its own ID; this one is used twice.',
  'settings.rule.profile-taken':
    'This ID is already used for client {clientId} at {authority}; the new registration is client {newClientId} at {newAuthority}. To add it, choose another ID: tokentray import FILE --profile ID. To replace the existing one: tokentray import FILE --profile {id}.',
  'settings.rule.profile-unknown': 'Must be the ID of an existing profile.',
  'settings.rule.profile-removed':
    'It was removed while you were changing it, so nothing was stored. If you still need it, add it as a new profile.',
  'settings.rule.protocol': 'Must be “entra” or “oidc”.',
  'settings.rule.path': 'Must be a full path.',
  'settings.rule.json': 'Must be JSON.',
  'settings.rule.file.absent': 'The file does not exist. Check its path.',
  'settings.rule.file.forbidden':
    'You do not have permission to read it. Change its permissions, or copy it to a folder of your own.',
  'settings.rule.file.directory': 'It is a directory. Enter the path of a file in it.',
  'settings.rule.file.irregular': 'It is a pipe or a device. Choose a regular file.',
  'settings.rule.file.other': 'It cannot be read ({detail}). Check its path and disk, then try again.',
  'settings.rule.file.too-large': 'Must be a file of at most {kilobytes} kB.',
  'settings.rule.file.broken':
    'It breaks the following rules, so nothing was changed. Fix the file or move it away, then try again.',
  'settings.rule.file.set-aside':
    'It was not JSON and was kept as {file}. Nothing was changed; repeat the command to start with new settings.',
  'settings.rule.token-file-twice': 'Each token file must have its own path; this one is used twice.',
  'settings.rule.token-file-profile': 'Must be the ID of the profile registered with it.',
  'settings.rule.token-file-format': 'Must be “bare”, “json” or “env”.',
  'settings.rule.network': 'Must be “system” or “node”.',
  'settings.rule.sign-in': 'Must be “window” or “browser”.',
  'settings.rule.switch': 'Must be true or false.',
  'settings.rule.hook': 'Must be a list: a program’s full path, then its arguments.',
  'settings.rule.not-changeable': 'This setting cannot be changed here.',
  'settings.rule.hooks':
    'Must be an object with only the fields “refreshed”, “sign-in-needed”, “signed-out” and “failed”.',
  'settings.rule.log-level': 'Must be “warn”, “info” or “debug”.',
  'settings.rule.schedule':
    'Must contain exactly one of “cron”, “at” and “everyHours”, in addition to “timeZone”.',
  'settings.rule.at': 'Must be a time of day from 00:00 to 23:59, for example 07:00.',
  'settings.rule.every-hours':
    'Must be a number of hours that divides a day evenly: 1, 2, 3, 4, 6, 8, 12 or 24.',
  'settings.rule.profile-id': 'Must be a short name of lowercase letters, digits and hyphens.',
  'settings.rule.storage': 'Must be “auto”, “memory”, “plain-file”, or an “encrypted-file” with its “key”.',
  'settings.rule.storage-key': 'Must be “key-file”, “systemd-credential” or “passphrase”.',
  'settings.rule.systemd-credential':
    'Must be the name of a credential as in the unit’s LoadCredential=, without “/” and “:”.',
  'settings.rule.rank': 'Must be “default” or “further”.',
  'settings.rule.replaces': 'Must be “same”, “any” or “existing”.',
  'settings.rule.credential': 'Must be a secret, a certificate with its key, or an assertion file.',
  'settings.rule.assertion':
    'Must contain a signed JWT that another program keeps fresh: three parts separated by dots.',
  'settings.rule.certificate':
    'Must be a certificate in PEM format (-----BEGIN CERTIFICATE-----), with the client’s own certificate first.',
  'settings.rule.certificate.expired': 'The certificate has expired. Create a new one and register it.',
  'settings.rule.certificate.leaf-first':
    'The certificate that matches the key must come first, followed by the rest of its chain.',
  'settings.rule.certificate.key':
    'Must be the certificate’s private key in PEM format (-----BEGIN PRIVATE KEY-----).',
  'settings.rule.certificate.key-encrypted':
    'Must be a key without a passphrase; Tokentray’s storage encrypts it. To create one: openssl pkey -in KEY -out PLAIN-KEY',
  'settings.rule.certificate.key-differs':
    'Must be the private key of this certificate; this key belongs to another one.',
  'settings.rule.certificate.rsa':
    'Must be an RSA key, or for an OpenID provider a P-256 key; client assertions cannot be signed with other keys.',
  'settings.rule.policy.spread': 'Must be a whole number of minutes from 0 to 720.',
  'settings.rule.policy.writer':
    'Only root may be able to write the policy (chown root, chmod 644). Until then, it is ignored.',
  'settings.rule.clipboard': 'Must be a whole number of seconds from 0 (never clear) to 86400.',
  'settings.rule.authority': 'Must be an address like https://login.microsoftonline.com/TENANT.',
  'settings.rule.authority.http': 'The authority must use https.',
  'settings.rule.authority.parts':
    'The authority must contain only the host and the tenant: no user name, no “?” and no “#”.',
  'settings.rule.authority.tenant':
    'Add the tenant’s ID or domain after the host: https://login.microsoftonline.com/TENANT.',
  'settings.rule.authority.issuer':
    'Must be the issuer of the OpenID provider: an address like https://idp.example.com.',
  'settings.rule.client-id.oidc':
    'Must be the client ID from the OpenID provider, in printable ASCII characters.',
  'settings.rule.client-id':
    'Must be the application (client) ID from the Overview page of the app registration: a GUID like 11111111-2222-3333-4444-555555555555.',
  'settings.rule.redirect-uri':
    'Must be an address like http://localhost:5000/getAToken, or https on another host.',
  'settings.rule.redirect-uri.http':
    'Must use https; http is allowed only for localhost, 127.0.0.1 and [::1].',
  'settings.rule.redirect-uri.parts': 'A redirect URI cannot contain a user name or “#”.',
  'settings.rule.scope.empty': 'Enter at least one scope, for example User.Read.',
  'settings.rule.scope.token':
    'A scope cannot contain spaces, quotation marks, backslashes or non-ASCII characters.',
  'settings.rule.scope.two-resources':
    'All scopes of one request must belong to the same resource; these belong to two.',
  'settings.rule.scope.default-mixed': 'A “.default” scope must be requested alone, without other scopes.',
  'settings.rule.cron.fields':
    'Must have five fields: minute, hour, day, month, weekday (0 7 * * * is 07:00 every day). Seconds are not supported.',
  'settings.rule.cron.step':
    'A step must be at most 60 for minutes, 24 for hours, 31 for days, 12 for months and 7 for weekdays. Each field starts again after its last value, so a step of 90 minutes would run every hour.',
  'settings.rule.cron.never': 'This schedule cannot be read, or it never occurs.',
  'settings.rule.time-zone': 'Must be the name of a time zone, for example Asia/Seoul.',
  'settings.rule.env.too-large': 'Must be a .env file of at most 1 MB.',
  'settings.rule.env.binary': 'Must be a plain text file saved as UTF-8.',
  'settings.rule.env.missing': 'This variable is missing or empty.',
  'settings.rule.env.missing-tenant': 'Neither this variable nor AUTHORITY specifies the tenant.',
  'settings.rule.env.placeholder': 'This is still a sample placeholder. Enter your own value.',
  'settings.rule.env.quotes': 'The quotation mark at the start of the value on line {line} is not closed.',
  'settings.rule.env.hash':
    'The value on line {line} contains a “#”, which programs interpret differently. Put the value in quotation marks.',
  'settings.rule.env.duplicate': 'Lines {first} and {second} set different values. Keep one of them.',
  'settings.rule.env.prefixes':
    'This file contains several app registrations. Specify which prefix to import.',
  'settings.rule.env.scope-list': 'Must be one scope, scopes separated by spaces or commas, or a JSON list.',
  'settings.rule.env.tenant': 'Enter the tenant’s ID or one of its domains.',
  'settings.rule.env.tenant-differs': 'This is not the tenant in {authority}. Use the same one in both.',
  'settings.rule.env.port': 'Must be a port number from 1 to 65535.',
  'settings.rule.env.port-differs':
    'The redirect URI uses port {port}, which takes precedence. Use the same port here, or remove this line.',
  'settings.warning.host':
    'HOST was not imported: without a TLS certificate, Tokentray listens on this machine only.',
  'settings.warning.credential':
    'The file’s CLIENT_SECRET was not imported: the credential given as an option is used instead.',
  'settings.warning.redirect-https':
    'tokentray serve cannot use this redirect URI, because it is https on this machine; the tray application can.',
  'settings.warning.duplicate': 'Some variables appear twice with the same value.',
  'settings.warning.secret-id':
    'CLIENT_SECRET looks like the secret’s ID. Use the secret’s value instead, from the “Value” column in Certificates & secrets.',
  'settings.form.form': 'The profile',
  'settings.rule.tenant-or-address':
    'Enter the tenant’s ID or one of its domains, for example contoso.onmicrosoft.com, or the authority’s full address.',
  'settings.rule.secret.empty': 'Enter the client secret.',
  'settings.rule.secret.spaces': 'A secret cannot contain spaces or line breaks. Copy only its value.',
  'settings.rule.credential.none': 'Enter a client secret, or choose a certificate or an assertion file.',
  'settings.rule.credential.elsewhere':
    'The stored credential belongs to client {clientId} at {authority} and is not sent anywhere else. Enter the credential of this registration.',
  'settings.warning.secret-id.typed':
    'The client secret looks like the secret’s ID. Use the secret’s value instead, from the “Value” column in Certificates & secrets.',
  'settings.rule.import.kind': 'Must be a file that Tokentray exported.',
  'settings.rule.import.too-large': 'Must be a file of at most 1 MB.',
  'settings.rule.import.profile-taken':
    'On this machine, it is client {clientId} at {authority}; in the file, it is client {newClientId} at {newAuthority}. Change its ID in the file, or remove the profile here first.',
  'settings.rule.import.profile-missing': 'It exists on this machine, and an import cannot remove profiles.',
  'settings.rule.import.too-long': 'Must be at most {most} characters, so that all of it can be shown.',
  'settings.rule.import.too-many':
    'The file asks you to confirm {count} hooks and paths. The limit is {most}, so that all of them can be shown.',
  'settings.rule.import.too-long-together':
    'The changes to confirm have {characters} characters. The limit is {most}, so that all of them can be shown.',
  'settings.rule.import.too-many-entries': 'Must have at most {most} entries; the file has {count}.',
  'settings.rule.import.meanwhile': 'The settings have changed in the meantime. Import the file again.',
  'settings.transfer.added': 'New profile “{name}” ({id}): client {clientId} at {authority}.',
  'settings.transfer.replaced':
    'Profile “{name}” ({id}) is replaced with the one in the file; it stays client {clientId} at {authority}.',
  'settings.transfer.default': 'The default profile changes to {id}.',
  'settings.transfer.changed': '“{setting}” changes from {before} to {value}.',
  'settings.transfer.hook': 'After “{event}”, this program runs: {command}',
  'settings.transfer.token-file': 'The file {path} contains the token of profile {profile}.',
  'settings.transfer.extra-ca': 'The certificates in {path} are trusted.',
  'settings.transfer.loopback':
    'Programs on this machine can request tokens on 127.0.0.1 with the access key.',
  'settings.transfer.kept': 'Settings that are not in the file do not change: {names}.',
  'settings.transfer.credentials':
    'The file contains no secrets: add each new profile’s credential before you sign in.',
  'settings.transfer.storage':
    'Where secrets are kept does not change; to change it, run “tokentray storage”.',
  'settings.transfer.ignored':
    'This version does not know these parts of the file and ignores them: {names}.',
  'settings.transfer.more': 'And {count} more.',
  'settings.rule.pasted.unknown':
    'No registration was found. Use a .env file, the Overview page of an app registration, or the output of “az ad app show”.',
  'settings.rule.pasted.several':
    'The text contains several app registrations ({names}). Paste only the lines of one of them.',
  'settings.rule.pasted.mixed-up':
    'One of the values is a secret in the wrong place, so it was not filled in. Check which value belongs where.',
  'settings.rule.secret-elsewhere':
    'This is the client secret, which would be stored unencrypted here. Remove it and enter the correct value.',
  'settings.rule.pasted.too-many': 'Must be at most {most} lines; this is a different kind of file.',
  'settings.rule.pasted.too-long': 'Must be at most {most} characters; it was not filled in.',
  'settings.pasted.text': 'The text',
  'settings.pasted.found': 'Filled in: {names}.',
  'settings.pasted.missing': 'Not found in the text: {names}.',
  'settings.pasted.callback-path': 'The redirect URI ends in {path}. Enter the full URI as registered.',
  'settings.home.relative': 'TOKENTRAY_HOME must be a full path; {path} is not a full path.',
} as const;
