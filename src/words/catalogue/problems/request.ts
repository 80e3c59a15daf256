/** Problems of a request to the socket, the loopback server, a page or a window: `problem.request.*`, `problem.loopback.*`, `problem.identity.*`, `problem.window.*`. */
export const requestProblems = {
  'problem.window.asked-wrongly':
    'The page asked for {call} wrongly: {field} wants {wanted}; found: {found}.',
  'problem.window.asked-wrongly.next': 'Close the window and open it again.',
  'problem.window.foreign': 'Only Tokentray’s own pages are answered.',
  'problem.window.foreign.next': 'Open “Status…” in Tokentray’s menu.',
  'problem.request.not-found': 'There is nothing at {path}.',
  'problem.request.not-found.next': 'Compare the address with the README.',
  'problem.request.method': 'This address wants {wanted}; found: {found}.',
  'problem.request.method.next': 'Ask with {wanted}.',
  'problem.request.origin': 'Requests of other web pages are not answered.',
  'problem.request.origin.next': 'Ask from a program, or open the address itself.',
  'problem.request.host': 'This server answers under its own address only.',
  'problem.request.host.next': 'Use the address that Tokentray gave: 127.0.0.1 or localhost, and its port.',
  'problem.request.pipe-key': 'The key of this login session is missing or wrong.',
  'problem.request.pipe-key.next': 'Ask with the tokentray command.',
  'problem.request.access-key': 'The access key is missing or wrong.',
  'problem.request.access-key.next':
    'Send it as “Authorization: Bearer KEY” or “X-Tokentray-Key: KEY”; tokentray serve says at its start which file holds it.',
  'problem.request.other-profile':
    'This program was started for the profile “{profile}” alone; it asked for “{found}”.',
  'problem.request.other-profile.next':
    'Leave profile= out of the request, or start the program without --profile.',
  'problem.request.key-in-url': 'A key does not belong into an address: logs and histories keep it.',
  'problem.request.key-in-url.next': 'Send it as “Authorization: Bearer KEY” or “X-Tokentray-Key: KEY”.',
  'problem.request.foreign': 'This server answers programs of this machine only.',
  'problem.request.foreign.next': 'Ask on the machine itself, or forward the socket over SSH.',
  'problem.request.malformed': 'This is not an HTTP request that can be read ({detail}).',
  'problem.request.malformed.next': 'Send a GET with its headers at once, at most 16 kB of them.',
  'problem.loopback.off': 'The loopback server is switched off.',
  'problem.loopback.off.next':
    'Switch it on with “tokentray settings loopback on”, or start the program with “tokentray exec”, which needs none.',
  'problem.loopback.key': 'The access key of this address is missing or wrong.',
  'problem.loopback.key.next':
    'Start the program with “tokentray exec”, which gives it the key, or take the variables that tokentray env prints. A program that has an old key has to be started again.',
  'problem.loopback.key-gone': 'The access key of the loopback server is not in {directory} any more.',
  'problem.loopback.key-gone.next':
    'Have a new one made: tokentray settings loopback off, then on. Programs that have the old one have to be started again.',
  'problem.loopback.key-in-url': 'A key does not belong into an address: logs and histories keep it.',
  'problem.loopback.key-in-url.next': 'Send it in a header: X-IDENTITY-HEADER or Authorization: Bearer.',
  'problem.loopback.sign-in': 'Programs get tokens here; nobody signs in at this address.',
  'problem.loopback.sign-in.next': 'Click the Tokentray icon, or run tokentray sign-in.',
  'problem.loopback.port-taken':
    'Port {port} of the loopback address cannot be opened: it is in use{holder}.',
  'problem.loopback.port-taken.next':
    'End that program, or take another port: tokentray settings loopback off, then on. Programs that had the old address may have sent their key there, so it was replaced: start them again.',
  'problem.identity.version': 'api-version wants {wanted}; found: “{found}”.',
  'problem.identity.version.next': 'Update the program’s Azure library, or write api-version={wanted}.',
  'problem.identity.resource': 'One resource is wanted; found: {count}.',
  'problem.identity.resource.next': 'Write resource=https://graph.microsoft.com, for example.',
  'problem.request.unknown': '“{name}” cannot be asked for.',
  'problem.request.unknown.next': 'Ask for {wanted} only.',
  'problem.request.resource': 'resource wants an address without spaces; found: “{found}”.',
  'problem.request.resource.next': 'Write resource=https://graph.microsoft.com, for example.',
  'problem.request.resource-and-scope': 'Both scope and resource are asked for.',
  'problem.request.resource-and-scope.next':
    'Ask for one of them: resource stands for all permissions that are granted for it.',
  'problem.request.busy': 'Too many programs ask for this at the same time.',
  'problem.request.busy.next': 'Try again in a moment.',
  'problem.request.too-large': 'The body of the request is larger than {kilobytes} kB, or was cut off.',
  'problem.request.too-large.next': 'Send the registration only.',
  'problem.request.not-json': 'The body of the request is not JSON.',
  'problem.request.not-json.next': 'Send one JSON object, as UTF-8.',
  'problem.request.min-lifetime': 'min_lifetime wants whole seconds; found: “{found}”.',
  'problem.request.min-lifetime.next': 'Write min_lifetime=600 for ten minutes.',
  'problem.request.refresh': 'refresh wants 1 or 0; found: “{found}”.',
  'problem.request.refresh.next': 'Write refresh=1 for a new token.',
  'problem.request.claims': 'claims wants a JSON object; found: “{found}”.',
  'problem.request.claims.next':
    'Send the challenge of the WWW-Authenticate header, decoded from base64, as it is.',
  'problem.request.tenant': 'A token of tenant {wanted} is asked for; this profile signs in to {found}.',
  'problem.request.tenant.next': 'Name a profile of that tenant, or add one with tokentray import.',
} as const;
