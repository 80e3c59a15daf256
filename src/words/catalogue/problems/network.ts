/** Problems on the way to the authority: `problem.offline`, `problem.proxy.*`, `problem.timeout`, `problem.clock.*` … */
export const networkProblems = {
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
  'problem.timeout': '{host} did not answer within {seconds} seconds.',
  'problem.timeout.next': 'Tokentray tries again by itself.',
  'problem.throttled': 'The authority asks for fewer requests.',
  'problem.throttled.next': 'Tokentray waits and tries again by itself.',
  'problem.authority-down': 'The authority answered with an error of its own ({detail}).',
  'problem.authority-down.next': 'Tokentray tries again by itself.',
  'problem.unknown': 'The refresh failed for a reason Tokentray does not know ({detail}).',
  'problem.unknown.next': 'Tokentray keeps what it has and tries again by itself.',
  'problem.discovery': 'What {host} says about itself does not fit the settings ({detail}).',
  'problem.discovery.next':
    'Compare AUTHORITY with the registration. In a hotel or guest network, open a web page first: it may want a login.',
  'problem.clock.ahead': 'The clock of this machine is {minutes} minutes ahead of the authority’s.',
  'problem.clock.ahead.next': 'Set it, and let the system keep it set by network time.',
  'problem.clock.behind': 'The clock of this machine is {minutes} minutes behind the authority’s.',
  'problem.clock.behind.next': 'Set it, and let the system keep it set by network time.',
} as const;
