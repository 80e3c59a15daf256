/** Problems of a request to the socket, the loopback server, a page or a window: `problem.request.*`, `problem.loopback.*`, `problem.identity.*`, `problem.window.*`. */
export const requestProblems = {
  'problem.window.asked-wrongly':
    'The page called {call} incorrectly: {field} must be {wanted}; found: {found}.',
  'problem.window.asked-wrongly.next': 'Close the window and open it again.',
  'problem.window.foreign': 'Only Tokentray’s own pages get answers.',
  'problem.window.foreign.next': 'Open Status from Tokentray’s menu.',
  'problem.request.not-found': 'There is nothing at {path}.',
  'problem.request.not-found.next': 'Check the address in the README.',
  'problem.request.method': 'This address expects {wanted}; found {found}.',
  'problem.request.method.next': 'Use {wanted}.',
  'problem.request.origin': 'Requests from other web pages are refused.',
  'problem.request.origin.next': 'Send the request from a program, or open the address directly.',
  'problem.request.host': 'This server accepts only its own address.',
  'problem.request.host.next': 'Use the address from Tokentray: 127.0.0.1 or localhost, with its port.',
  'problem.request.pipe-key': 'The key of this login session is missing or wrong.',
  'problem.request.pipe-key.next': 'Use the tokentray command.',
  'problem.request.access-key': 'The access key is missing or wrong.',
  'problem.request.access-key.next':
    'Send it as “Authorization: Bearer KEY” or “X-Tokentray-Key: KEY”. tokentray serve prints at startup which file contains it.',
  'problem.request.other-profile':
    'This program was started for the profile “{profile}” only; it requested “{found}”.',
  'problem.request.other-profile.next':
    'Omit profile= from the request, or start the program without --profile.',
  'problem.request.key-in-url': 'A key must not be part of an address: logs and histories store addresses.',
  'problem.request.key-in-url.next': 'Send it as “Authorization: Bearer KEY” or “X-Tokentray-Key: KEY”.',
  'problem.request.foreign': 'This server accepts requests from this machine only.',
  'problem.request.foreign.next': 'Send the request from this machine, or forward the socket over SSH.',
  'problem.request.malformed': 'The HTTP request could not be read ({detail}).',
  'problem.request.malformed.next': 'Send a GET request with all headers at once, at most 16 kB.',
  'problem.loopback.off': 'The loopback server is off.',
  'problem.loopback.off.next':
    'Turn it on with “tokentray settings loopback on”, or start the program with tokentray exec{forProfile}, which does not need it.',
  'problem.loopback.key': 'The access key for this address is missing or wrong.',
  'problem.loopback.key.next':
    'Start the program with tokentray exec{forProfile}, which passes it the key, or use the variables that tokentray env prints. Restart programs that have an old key.',
  'problem.loopback.key-gone': 'The access key of the loopback server is no longer in {directory}.',
  'problem.loopback.key-gone.next':
    'Create a new one: tokentray settings loopback off, then tokentray settings loopback on. Restart programs that have the old one.',
  'problem.loopback.key-gone.next.tray':
    'Turn the local HTTP server off and on again to create a new one. Restart programs that have the old one.',
  'problem.loopback.key-in-url': 'A key must not be part of an address: logs and histories store addresses.',
  'problem.loopback.key-in-url.next': 'Send it in a header: X-IDENTITY-HEADER or Authorization: Bearer.',
  'problem.loopback.sign-in': 'This address is for programs that need tokens; you cannot sign in here.',
  'problem.loopback.sign-in.next': 'Sign in: tokentray sign-in{forProfile}',
  'problem.loopback.port-taken': 'Port {port} of the loopback server cannot be opened: it is in use{holder}.',
  'problem.loopback.port-taken.next':
    'Quit that program, or use another port: tokentray settings loopback off, then tokentray settings loopback on. Programs that had the old address may have sent their key there, so it was replaced: restart them.',
  'problem.loopback.port-taken.next.tray':
    'Quit that program, or turn the local HTTP server off and on again to use another port. Programs that had the old address may have sent their key there, so it was replaced: restart them.',
  'problem.identity.version': 'api-version must be {wanted}; found “{found}”.',
  'problem.identity.version.next': 'Update the program’s Azure library, or use api-version={wanted}.',
  'problem.identity.resource': 'Exactly one resource is expected; found: {count}.',
  'problem.identity.resource.next': 'Use, for example, resource=https://graph.microsoft.com.',
  'problem.request.unknown': '“{name}” is not a known parameter.',
  'problem.request.unknown.next': 'Use only {wanted}.',
  'problem.request.resource': 'resource must be an address without spaces; found “{found}”.',
  'problem.request.resource.next': 'Use, for example, resource=https://graph.microsoft.com.',
  'problem.request.resource-and-scope': 'Both scope and resource were given.',
  'problem.request.resource-and-scope.next':
    'Use only one of them: resource requests all permissions granted for it.',
  'problem.request.busy': 'Too many programs are making requests at the same time.',
  'problem.request.busy.next': 'Try again in a moment.',
  'problem.request.too-large': 'The body of the request is larger than {kilobytes} kB, or was cut off.',
  'problem.request.too-large.next': 'Send only the registration.',
  'problem.request.not-json': 'The body of the request is not JSON.',
  'problem.request.not-json.next': 'Send one JSON object, encoded as UTF-8.',
  'problem.request.min-lifetime': 'min_lifetime must be a whole number of seconds; found “{found}”.',
  'problem.request.min-lifetime.next': 'Use min_lifetime=600 for ten minutes.',
  'problem.request.refresh': 'refresh must be 1 or 0; found “{found}”.',
  'problem.request.refresh.next': 'Use refresh=1 for a new token.',
  'problem.request.claims': 'claims must be a JSON object; found “{found}”.',
  'problem.request.claims.next':
    'Send the challenge from the WWW-Authenticate header, decoded from base64 and otherwise unchanged.',
  'problem.request.tenant': 'A token of tenant {wanted} was requested; this profile signs in to {found}.',
  'problem.request.tenant.next':
    'Use a profile of that tenant, or add one: tokentray import FILE --profile ID',
} as const;
