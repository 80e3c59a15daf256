/** The tests of `tokentray doctor` and “Test connection”, and the problems that only they find: `checkup.*`, `doctor.*`, `network.*`. */
export const checkUpWords = {
  'network.system': 'Using the system’s network settings.',
  'network.node': 'Using the environment’s network settings, as set in Tokentray.',
  'network.unused': 'Ignored there unless “network” is “node” in the settings: {names}.',
  'network.some-proxy': 'from the system settings',
  'checkup.network.ok': '{host} answers in {ms} ms; its certificate is trusted.',
  'checkup.network.proxy': '{host} answers in {ms} ms through the proxy {proxy}; its certificate is trusted.',
  'checkup.discovery.ok': 'The authority is {issuer}.',
  'checkup.unreached': 'Not tested, because the authority could not be reached.',
  'checkup.refused': 'Not tested, because the authority’s metadata cannot be used.',
  'checkup.clock.ok': 'The clock differs from the authority’s by {seconds} seconds.',
  'checkup.clock.unknown': '{host} does not report the time.',
  'checkup.credential.secret': 'The authority accepts the client secret.',
  'checkup.credential.certificate': 'The authority accepts the certificate.',
  'checkup.credential.assertion-file': 'The authority accepts the client assertion.',
  'checkup.credential.many-tenants':
    'Not tested: a multitenant authority cannot check a credential before a sign-in.',
  'checkup.credential.not-offered':
    'Not tested: this provider cannot check a credential before a sign-in (no client_credentials).',
  'checkup.age.secret':
    'The client secret was imported {days} days ago; the Microsoft Entra admin center shows when it expires.',
  'checkup.age.certificate': 'The certificate is valid until {date}.',
  'checkup.age.assertion-file': 'The client assertion is read from {path} each time.',
  'checkup.storage.ok': 'Writing, reading and deleting work ({backend}).',
  'checkup.storage.memory': 'As set, the session is kept in memory and lost when Tokentray quits.',
  'checkup.redirect.ok': 'The redirect URI is registered.',
  'checkup.redirect.ok.free': 'The redirect URI is registered, and port {port} is free.',
  'checkup.redirect.untold': 'Whether {redirectUri} is registered cannot be checked before a sign-in.',
  'checkup.redirect.untold.free':
    'Port {port} is free. Whether {redirectUri} is registered cannot be checked before a sign-in.',
  'doctor.mark.ok': 'ok',
  'doctor.mark.trouble': 'failed',
  'doctor.mark.skipped': 'skipped',
  'doctor.line': '{mark}  {name} {detail}',
  'doctor.next': '         {next}',
  'doctor.version': 'Tokentray {version}, Node {node}, {platform} {arch}.',
  'doctor.settings': '{file} is valid (profiles: {names}).',
  'doctor.settings.passing': 'Not used: Tokentray was started with --from-env.',
  'doctor.policy': '{file} is in effect.',
  'doctor.policy.none': 'None on this machine.',
  'doctor.owner': 'Running: {owner}.',
  'doctor.owner.none': 'Tokentray is not running; the other tests ran without it.',
  'doctor.proxy': '{name}, from {variable}.',
  'doctor.proxy.none': 'None; the authority is reached directly.',
  'doctor.port.free': 'Port {port} is free.',
  'doctor.port.ours': 'Port {port} is in use by tokentray serve, as expected.',
  'doctor.port.window': '{redirectUri} needs no port: the tray application’s window receives the response.',
  'doctor.port.elsewhere': '{redirectUri} is not on this machine.',
  'doctor.health.ok': 'No problem in the configuration is known.',
  'doctor.refresh.last': 'The last refresh was at {time}.',
  'doctor.refresh.next': 'The next refresh is at {time}.',
  'doctor.refresh.none': 'None since Tokentray started.',
  'problem.discovery.issuer': 'The metadata of {host} belongs to another authority: {issuer}.',
  'problem.discovery.issuer.next':
    'Compare AUTHORITY with the registration. For an OpenID provider, it must be exactly the issuer in its metadata.',
  'problem.discovery.issuer.next.tray':
    'Compare the authority with the registration. For an OpenID provider, it must be exactly the issuer in its metadata.',
  'problem.discovery.plain': 'The metadata of {host} contains an address without encryption ({endpoint}).',
  'problem.discovery.plain.next':
    'Ask the provider’s administrator to publish an https address there. Do not sign in until then.',
  'problem.discovery.pushed':
    '{host} requires pushed authorization requests, which Tokentray sends to OpenID providers only.',
  'problem.discovery.pushed.next':
    'If it is not Microsoft Entra ID, import its settings as an OpenID provider’s: tokentray import FILE{forProfile} --protocol oidc',
  'problem.discovery.pushed.next.tray':
    'If it is not Microsoft Entra ID, choose “OpenID provider” in Settings.',
  'problem.discovery.pushed.next.form': 'If it is not Microsoft Entra ID, choose “OpenID provider” above.',
  'problem.client-method':
    '{host} accepts only {accepted} for client authentication; this credential needs {needed}.',
  'problem.client-method.next':
    'Ask the provider’s administrator to allow {needed} for this client, or import another kind of credential: tokentray import FILE{forProfile}',
  'problem.client-method.next.tray':
    'Ask the provider’s administrator to allow {needed} for this client, or enter another kind of credential in Settings.',
  'problem.client-method.next.form':
    'Ask the provider’s administrator to allow {needed} for this client, or enter another kind of credential.',
  'problem.redirect-ipv4':
    'This machine has no IPv4 loopback address (127.0.0.1), so it cannot receive the response of a sign-in.',
  'problem.redirect-ipv4.next':
    'Enable IPv4 on the loopback interface (on Linux: ip addr add 127.0.0.1/8 dev lo).',
  'problem.redirect-ipv6':
    'This machine has no IPv6 loopback address (::1), so it cannot receive the response of a sign-in at {redirectUri}.',
  'problem.redirect-ipv6.next':
    'Enable IPv6 on the loopback interface, or register a redirect URI with localhost or 127.0.0.1 and import it: tokentray import FILE{forProfile}',
  'problem.redirect-ipv6.next.tray':
    'Enable IPv6 on the loopback interface, or register a redirect URI with localhost or 127.0.0.1 and enter it in Settings.',
  'problem.redirect-ipv6.next.form':
    'Enable IPv6 on the loopback interface, or register and enter a redirect URI with localhost or 127.0.0.1.',
} as const;
