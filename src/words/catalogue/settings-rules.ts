/** Rules that a setting can break, and reports on an import: `settings.rule.*`, `settings.warning.*`, `settings.transfer.*`, `settings.pasted.*`. A rule says what a value must be; `settings.issue` adds the field and the value found. */
export const settingsRuleWords = {
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
  'settings.home.relative': 'TOKENTRAY_HOME must be a full path; {path} is not one.',
} as const;
