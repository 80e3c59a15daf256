/** Problems of a registration, its credential, scopes, schedule and settings: `problem.wrong-*`, `problem.expired-*`, `problem.scope.*`, `problem.profile.*`, `problem.import.*` … */
export const registrationProblems = {
  'problem.settings-tray.import': '{file} was not imported. {issues}',
  'problem.settings-tray.import.next': 'Choose a file that “Export settings” has written.',
  'problem.settings-tray.draft': 'The connection cannot be tested yet. {issues}',
  'problem.settings-tray.draft.next': 'Correct what is named, then test again.',
  'problem.not-configured': 'Tokentray does not know your app registration yet.',
  'problem.not-configured.next':
    'Import the .env file: “Import .env file…” in the menu, or tokentray import FILE.',
  'problem.no-secret': 'No client secret is stored for client {clientId} at {authority}.',
  'problem.no-secret.next': 'Import the .env file that holds it: tokentray import FILE.',
  'problem.schedule.never':
    'The schedule {cron} in {zone} cannot be kept: its time never comes, or there is no such time zone.',
  'problem.schedule.never.next':
    'Correct it in the settings file and start Tokentray again; until then tokens are renewed before they expire.',
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
  'problem.certificate-ends': 'The certificate ends in {days} days, on {date}.',
  'problem.certificate-ends.next':
    'Make a new one, upload it in the Entra portal, Certificates & secrets, and import it with its key.',
  'problem.redirect-unregistered': 'The authority does not know the redirect URI ({detail}).',
  'problem.redirect-unregistered.next':
    'Register {redirectUri} letter by letter: in the Entra admin center under App registrations › your app › Authentication, platform Web. Or write the one that is registered.',
  'problem.draft.no-credential': 'There is no credential to try.',
  'problem.draft.no-credential.next':
    'Give the client secret, a certificate with its key, or an assertion file.',
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
  'problem.policy.unusable': 'The machine’s policy does not hold: {detail}',
  'problem.policy.unusable.next': 'Tell the administrator of this machine.',
  'problem.import.refused': '{file} was not imported. {issues}',
  'problem.import.refused.next': 'Correct what is named and import it again.',
  'problem.import.ca-file': 'The certificates to trust cannot be changed while Tokentray runs.',
  'problem.import.ca-file.next': 'End Tokentray, import the file again, then start Tokentray.',
  'problem.settings.unusable': 'The settings in {file} cannot be used: {detail}',
  'problem.settings.unusable.next': 'Correct the file, or remove it and import the .env file again.',
  'problem.import.no-vault': 'The credential could not be stored, so nothing was imported ({detail}).',
  'problem.import.no-vault.next':
    'Start or unlock the system’s keyring and import again; or choose an encrypted file first (tokentray storage encrypted-file --key-file FILE); or use tokentray serve --from-env FILE, which keeps everything in memory.',
} as const;
