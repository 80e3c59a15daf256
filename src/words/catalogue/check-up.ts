/** The tests of `tokentray doctor` and “Test connection”: `checkup.*`, `doctor.*`, `network.*`. */
export const checkUpWords = {
  'network.system': 'Asked through the system’s network.',
  'network.node': 'Asked through Node’s network, as the settings say.',
  'network.unused': 'Without effect there, unless “network” is set to “node” in the settings: {names}.',
  'network.some-proxy': 'of the system’s settings',
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
  'checkup.redirect.ok': 'The authority knows the redirect URI.',
  'checkup.redirect.ok.free': 'The authority knows the redirect URI, and port {port} is free.',
  'checkup.redirect.untold':
    'The authority does not say without a sign-in whether {redirectUri} is registered.',
  'checkup.redirect.untold.free':
    'Port {port} is free; the authority does not say without a sign-in whether {redirectUri} is registered.',
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
} as const;
