/** Problems of a registration, its credential, scopes, schedule and settings: `problem.wrong-*`, `problem.expired-*`, `problem.scope.*`, `problem.profile.*`, `problem.import.*` … */
export const registrationProblems = {
  'problem.not-configured': 'No app registration is set up yet.',
  'problem.not-configured.next': 'Import your .env file: tokentray import FILE',
  'problem.not-configured.next.tray': 'Choose “Set up…” in the tray menu, or import your .env file.',
  'problem.no-secret': 'No client secret is stored for client {clientId} at {authority}.',
  'problem.no-secret.next': 'Import the .env file that contains it: tokentray import FILE{forProfile}',
  'problem.no-secret.next.tray': 'Enter it in Settings, or import the .env file that contains it.',
  'problem.schedule.never': 'The schedule cannot be kept. {issues}',
  'problem.schedule.never.next':
    'Correct it in the settings file and restart Tokentray. Until then, tokens are renewed before they expire.',
  'problem.schedule.never.next.tray':
    'Correct it in Settings. Until then, tokens are renewed before they expire.',
  'problem.wrong-secret': 'The authority does not accept the client secret ({detail}).',
  'problem.wrong-secret.next':
    'Copy the secret’s value (not its ID) from the Microsoft Entra admin center (Certificates & secrets) to .env and import the file again: tokentray import FILE{forProfile}',
  'problem.wrong-secret.next.tray':
    'Copy the secret’s value (not its ID) from the Microsoft Entra admin center (Certificates & secrets) and enter it in Settings.',
  'problem.wrong-secret.next.form':
    'Copy the secret’s value (not its ID) from App registrations › your app › Certificates & secrets.',
  'problem.expired-secret': 'The client secret has expired ({detail}).',
  'problem.expired-secret.next':
    'Create a new client secret in the Microsoft Entra admin center (Certificates & secrets), put it in .env and import the file again: tokentray import FILE{forProfile}',
  'problem.expired-secret.next.tray':
    'Create a new client secret in the Microsoft Entra admin center (Certificates & secrets) and enter it in Settings.',
  'problem.expired-secret.next.form':
    'Create a new client secret under App registrations › your app › Certificates & secrets and copy its value.',
  'problem.wrong-certificate': 'The authority does not accept the certificate ({detail}).',
  'problem.wrong-certificate.next':
    'Upload the certificate in the Microsoft Entra admin center (Certificates & secrets), or import the registered one with its key: tokentray import FILE{forProfile} --certificate FILE',
  'problem.wrong-certificate.next.tray':
    'Upload the certificate in the Microsoft Entra admin center (Certificates & secrets), or choose the registered one in Settings.',
  'problem.wrong-certificate.next.form':
    'Upload the certificate under App registrations › your app › Certificates & secrets, or choose the registered one.',
  'problem.expired-certificate': 'The certificate has expired or is not valid yet ({detail}).',
  'problem.expired-certificate.next':
    'Create a new one, upload it in the Microsoft Entra admin center (Certificates & secrets), and import it with its key: tokentray import FILE{forProfile} --certificate FILE',
  'problem.expired-certificate.next.tray':
    'Create a new one, upload it in the Microsoft Entra admin center (Certificates & secrets), and choose it in Settings.',
  'problem.expired-certificate.next.form':
    'Upload a new certificate under App registrations › your app › Certificates & secrets, or choose the registered one.',
  'problem.certificate': 'The stored certificate and key cannot be used ({detail}).',
  'problem.certificate.next':
    'Import a PEM certificate with its RSA key: tokentray import FILE{forProfile} --certificate FILE. Microsoft Entra ID accepts no other type of key.',
  'problem.certificate.next.tray':
    'Choose a PEM certificate with its RSA key in Settings. Microsoft Entra ID accepts no other type of key.',
  'problem.assertion-time':
    'The authority reports that the client assertion is not valid at this time ({detail}).',
  'problem.assertion-time.next':
    'Set this machine’s clock. To see how far it is off: tokentray doctor{forProfile}',
  'problem.assertion-time.next.tray': 'Set this machine’s clock.',
  'problem.assertion-file': 'The client assertion in {path} cannot be used: {detail}.',
  'problem.assertion-file.next':
    'Check that the program that writes the file is running. Tokentray reads the file again each time.',
  'problem.wrong-assertion': 'The authority does not accept the client assertion ({detail}).',
  'problem.wrong-assertion.next':
    'Compare its issuer, subject and audience with the federated credential in the Microsoft Entra admin center (Certificates & secrets).',
  'problem.public-client':
    'The registration is for public clients, which have no secret or certificate ({detail}).',
  'problem.public-client.next':
    'Register {redirectUri} in the Microsoft Entra admin center under Authentication, platform Web.',
  'problem.client-refused': 'The provider does not accept this client or its credential ({detail}).',
  'problem.client-refused.next':
    'Compare the client ID and credential with the registration at the provider, and import the correct ones: tokentray import FILE{forProfile}',
  'problem.client-refused.next.tray':
    'Compare the client ID and credential in Settings with the registration at the provider.',
  'problem.client-refused.next.form':
    'Compare the client ID and credential with the registration at the provider.',
  'problem.wrong-authority': 'No sign-in service was found at the authority’s address ({detail}).',
  'problem.wrong-authority.next':
    'Compare AUTHORITY with the registration: https://login.microsoftonline.com/TENANT, or another provider’s issuer.',
  'problem.wrong-authority.next.tray':
    'Compare the authority in Settings with the registration: https://login.microsoftonline.com/TENANT, or another provider’s issuer.',
  'problem.wrong-authority.next.form':
    'Compare the authority with the registration: https://login.microsoftonline.com/TENANT, or another provider’s issuer.',
  'problem.wrong-redirect': 'The redirect URI is not the registered one ({detail}).',
  'problem.wrong-redirect.next':
    'Register {redirectUri} in the Microsoft Entra admin center under Authentication, platform Web, or correct REDIRECT_URI.',
  'problem.wrong-redirect.next.tray':
    'Register {redirectUri} in the Microsoft Entra admin center under Authentication, platform Web, or correct the redirect URI in Settings.',
  'problem.wrong-redirect.next.form':
    'Register {redirectUri} under App registrations › your app › Authentication, platform Web, or enter the registered one.',
  'problem.spa-redirect':
    'The redirect URI is registered for a single-page application, which has no secret or certificate ({detail}).',
  'problem.spa-redirect.next':
    'In the Microsoft Entra admin center under Authentication, remove {redirectUri} from platform Single-page application and register it under platform Web.',
  'problem.request-refused': 'The authority does not accept Tokentray’s request ({detail}).',
  'problem.request-refused.next':
    'Compare AUTHORITY, CLIENT_ID, REDIRECT_URI and SCOPE with the registration. If they are right, tell your administrator the code in parentheses.',
  'problem.request-refused.next.tray':
    'Compare every field in Settings with the registration. If they are right, tell your administrator the code in parentheses.',
  'problem.request-refused.next.form':
    'Compare every field with the registration. If they are right, tell your administrator the code in parentheses.',
  'problem.wrong-cloud': 'The tenant or the application belongs to another Microsoft cloud ({detail}).',
  'problem.wrong-cloud.next':
    'Set AUTHORITY to the sign-in address of the tenant’s cloud, such as https://login.microsoftonline.us/TENANT.',
  'problem.wrong-cloud.next.tray':
    'Set the authority in Settings to the sign-in address of the tenant’s cloud, such as https://login.microsoftonline.us/TENANT.',
  'problem.wrong-cloud.next.form':
    'Set the authority to the sign-in address of the tenant’s cloud, such as https://login.microsoftonline.us/TENANT.',
  'problem.app-disabled': 'The application is disabled in the tenant or does not exist there ({detail}).',
  'problem.app-disabled.next':
    'Ask your administrator to enable it: Microsoft Entra admin center, Enterprise applications, Properties. If it is not listed there, compare CLIENT_ID and TENANT_ID with the Overview page of the app registration.',
  'problem.app-disabled.next.tray':
    'Ask your administrator to enable it: Microsoft Entra admin center, Enterprise applications, Properties. If it is not listed there, compare both IDs in Settings with the Overview page of the app registration.',
  'problem.wrong-client': 'The authority does not recognize this client or tenant ({detail}).',
  'problem.wrong-client.next':
    'Compare CLIENT_ID and TENANT_ID with the Overview page of the app registration.',
  'problem.wrong-client.next.tray':
    'Compare both IDs in Settings with the Overview page of the app registration.',
  'problem.wrong-client.next.form':
    'Compare both IDs with App registrations › your app › Overview, in the directory of your organization.',
  'problem.wrong-scope': 'The authority refuses the scopes ({detail}).',
  'problem.wrong-scope.next': 'Compare SCOPE with the API permissions of the app registration.',
  'problem.wrong-scope.next.tray':
    'Compare the scopes in Settings with the API permissions of the app registration.',
  'problem.wrong-scope.next.form': 'Compare the scopes with the API permissions of the app registration.',
  'problem.scope.two-resources':
    'One request can ask for scopes of one resource only; {first} and {second} belong to two.',
  'problem.scope.two-resources.next': 'Send a separate request for each resource.',
  'problem.scope.default-mixed': '{first} cannot be combined with other scopes ({second}).',
  'problem.scope.default-mixed.next': 'Request it alone.',
  'problem.scope.empty': 'No scope was requested.',
  'problem.scope.empty.next': 'Specify at least one, for example User.Read.',
  'problem.lifetime-too-long':
    'The requested lifetime is {asked}, but the authority issues tokens for at most {longest}.',
  'problem.lifetime-too-long.next': 'Request less than {longest}.',
  'problem.certificate-ends': 'The certificate expires in {days} days, on {date}.',
  'problem.certificate-ends.next':
    'Create a new one, upload it in the Microsoft Entra admin center (Certificates & secrets), and import it with its key: tokentray import FILE{forProfile} --certificate FILE',
  'problem.certificate-ends.next.tray':
    'Create a new one, upload it in the Microsoft Entra admin center (Certificates & secrets), and choose it in Settings.',
  'problem.redirect-unregistered': 'The redirect URI is not registered ({detail}).',
  'problem.redirect-unregistered.next':
    'Register exactly {redirectUri} in the Microsoft Entra admin center under App registrations › your app › Authentication, platform Web, or enter the registered one.',
  'problem.draft.no-credential': 'There is no credential to test.',
  'problem.draft.no-credential.next':
    'Enter the client secret, or choose a certificate or an assertion file.',
  'problem.settings-tray.import': '{file} was not imported. {issues}',
  'problem.settings-tray.import.next': 'Choose a file that Tokentray exported.',
  'problem.settings-tray.draft': 'The connection cannot be tested yet. {issues}',
  'problem.settings-tray.draft.next': 'Fix the issues listed, then test again.',
  'problem.profile.unknown': 'There is no profile “{found}”.',
  'problem.profile.unknown.next': 'Use one of these: {known}.',
  'problem.profile.id-differs': 'The address contains the profile “{wanted}”; the body contains “{found}”.',
  'problem.profile.id-differs.next': 'Use the same ID in both.',
  'problem.profile.invalid': 'The registration was not stored. {issues}',
  'problem.profile.invalid.next': 'Fix the issues listed, then send it again.',
  'problem.profile.unchanged': 'Nothing was changed. {issues}',
  'problem.profile.unchanged.next': 'Fix the issues listed, then try again.',
  'problem.profile.not-kept': 'This Tokentray does not store settings: it was started with --from-env.',
  'problem.profile.not-kept.next': 'Start it without --from-env, then register the profile.',
  'problem.policy.unusable': 'This machine’s policy is invalid: {detail}',
  'problem.policy.unusable.next': 'Tell this machine’s administrator.',
  'problem.import.refused': '{file} was not imported. {issues}',
  'problem.import.refused.next': 'Fix the issues listed, then import it again.',
  'problem.import.ca-file': 'Trusted certificates cannot be changed while Tokentray is running.',
  'problem.import.ca-file.next': 'Quit Tokentray, import the file again, then start Tokentray.',
  'problem.import.no-vault': 'The credential could not be stored, so nothing was imported ({detail}).',
  'problem.import.no-vault.next':
    'Start or unlock the system keyring and import again; or choose an encrypted file first (tokentray storage encrypted-file --key-file FILE); or use tokentray serve --from-env FILE, which keeps everything in memory.',
  'problem.import.no-vault.next.tray':
    'Start or unlock the system keyring, then try again. Without a keyring, choose an encrypted file: quit Tokentray and run tokentray storage encrypted-file --key-file FILE',
  'problem.settings.unusable': 'The settings in {file} cannot be used: {detail}',
  'problem.settings.unusable.next': 'Correct the file, or remove it and import the .env file again.',
} as const;
