/** Problems on the way to the authority: `problem.offline`, `problem.proxy.*`, `problem.timeout`, `problem.clock.*` … */
export const networkProblems = {
  'problem.offline': '{host} cannot be reached ({detail}).',
  'problem.offline.next': 'Check the network connection. {again}',
  'problem.untrusted': 'The certificate of {host} is not trusted on this machine ({detail}).',
  'problem.untrusted.next':
    'If a company proxy inspects the traffic, install its certificate in the system, or import the .env file again with it: tokentray import FILE{forProfile} --ca-file FILE (extraCaFile in the settings), or set NODE_EXTRA_CA_CERTS. The tray uses such a file only after: tokentray settings network node',
  'problem.untrusted.next.tray':
    'If a company proxy inspects the traffic, ask your administrator to install its certificate in the system. A certificate file (extraCaFile in the settings file, or NODE_EXTRA_CA_CERTS) is used only if Network is set to environment variables in Settings.',
  'problem.untrusted.next.form':
    'If a company proxy inspects the traffic, ask your administrator to install its certificate in the system, then test again.',
  'problem.extra-ca': 'The extra certificates in {path} cannot be used ({detail}).',
  'problem.extra-ca.next':
    'Put a readable PEM file there, or set another path in the settings file (extraCaFile). {again}',
  'problem.proxy.setting': '{variable} is not the address of a proxy.',
  'problem.proxy.setting.next':
    'Set it to an address like http://proxy.example:3128 (http or https; user name and password percent-encoded), then restart Tokentray.',
  'problem.proxy.unreachable': 'The proxy {proxy} cannot be reached ({detail}).',
  'problem.proxy.unreachable.next':
    'Check the network connection and HTTPS_PROXY; for the tray, check the system’s proxy settings. {again}',
  'problem.proxy.unreachable.next.tray':
    'Check the network connection and the system’s proxy settings. {again}',
  'problem.proxy.timeout': 'The proxy {proxy} did not connect within {seconds} seconds.',
  'problem.proxy.timeout.next': 'Check HTTPS_PROXY. {again}',
  'problem.proxy.timeout.next.tray': 'Check the proxy settings. {again}',
  'problem.proxy.auth':
    'The proxy {proxy} requires a user name and a password, or does not accept the ones it received.',
  'problem.proxy.auth.next':
    'Add them to HTTPS_PROXY, as in http://USER:PASSWORD@HOST:PORT, then restart Tokentray. The tray uses HTTPS_PROXY only after: tokentray settings network node',
  'problem.proxy.auth.next.tray':
    'Add them to HTTPS_PROXY, as in http://USER:PASSWORD@HOST:PORT, then restart Tokentray. HTTPS_PROXY is used only if Network is set to environment variables in Settings.',
  'problem.proxy.refused': 'The proxy {proxy} does not allow connections to {host} ({detail}).',
  'problem.proxy.refused.next':
    'Ask the proxy’s administrator. If there is a direct connection, add the host to NO_PROXY; for the tray, add it to the exceptions in the system’s proxy settings.',
  'problem.proxy.refused.next.tray':
    'Ask the proxy’s administrator. If there is a direct connection, add the host to the exceptions in the system’s proxy settings.',
  'problem.timeout': '{host} did not answer within {seconds} seconds.',
  'problem.timeout.next': '{again}',
  'problem.timeout.next.form': 'Check the network connection. {again}',
  'problem.throttled': 'The authority received too many requests.',
  'problem.throttled.next': '{again}',
  'problem.authority-down': 'The authority reported an internal error ({detail}).',
  'problem.authority-down.next': '{again}',
  'problem.other-answer': 'HTTP {status} from {host} is not an answer from a sign-in service.',
  'problem.other-answer.next':
    'A firewall, a proxy or the login page of a guest network may have answered instead: open a web page to check, or ask your administrator to allow {host}. {again}',
  'problem.token-malformed': 'The authority’s access token contains characters that no token may have.',
  'problem.token-malformed.next': '{again} If this continues, tell your administrator.',
  'problem.unknown':
    'The request to the authority failed with an error that Tokentray does not know ({detail}).',
  'problem.unknown.next': '{again} If this continues, tell your administrator the code in parentheses.',
  'problem.unknown.next.form':
    'Compare every field with the registration, then test again. Your administrator can look up the reason.',
  'problem.discovery': 'The metadata of {host} does not match the settings ({detail}).',
  'problem.discovery.next':
    'Compare AUTHORITY with the registration. In a hotel or guest network, open a web page first: the network may require a login.',
  'problem.discovery.next.tray':
    'Compare the authority with the registration. In a hotel or guest network, open a web page first: the network may require a login.',
  'problem.clock.ahead': 'This machine’s clock is {minutes} minutes ahead of the authority’s.',
  'problem.clock.ahead.next': 'Correct it, and turn on automatic time in the system settings.',
  'problem.clock.behind': 'This machine’s clock is {minutes} minutes behind the authority’s.',
  'problem.clock.behind.next': 'Correct it, and turn on automatic time in the system settings.',
  'problem.untrusted.date':
    'According to this machine’s clock ({time}), the certificate of {host} has expired or is not valid yet ({detail}).',
  'problem.untrusted.date.next':
    'If that time is wrong, turn on automatic time in the system settings. If it is right, ask the administrator of {host}, or of the proxy that inspects the traffic, to renew the certificate.',
  'problem.untrusted.renew':
    'The certificate of {host} has expired or is not valid yet ({detail}), and this machine’s clock is right.',
  'problem.untrusted.renew.next':
    'Ask the administrator of {host}, or of the proxy that inspects the traffic, to renew the certificate.',
  'problem.untrusted.name': 'The certificate that {host} presented is for another name.',
  'problem.untrusted.name.next':
    'Check the host in AUTHORITY. In a hotel or guest network, open a web page first: the network may require a login. Otherwise, ask the administrator of {host} for a certificate with that name.',
  'problem.untrusted.name.next.tray':
    'Check the host of the authority. In a hotel or guest network, open a web page first: the network may require a login. Otherwise, ask the administrator of {host} for a certificate with that name.',
  'problem.proxy.scheme':
    'The proxy {proxy} accepts only {schemes}; Tokentray supports only Basic authentication.',
  'problem.proxy.scheme.next':
    'Use the tray application with the system’s network settings, which can sign in to the proxy. Or run a local proxy such as Px or Cntlm, set HTTPS_PROXY to its address, for example http://127.0.0.1:3128, and restart Tokentray.',
  'problem.proxy.scheme.next.tray':
    'Set Network to the system network settings in Settings, which can sign in to the proxy. Or run a local proxy such as Px or Cntlm, set HTTPS_PROXY to its address, for example http://127.0.0.1:3128, and restart Tokentray.',
} as const;
