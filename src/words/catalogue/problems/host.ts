/** Problems of the running Tokentray and of the command line: `problem.agent-*`, `problem.port-*`, `problem.service.*`, `problem.command-line` … */
export const hostProblems = {
  'problem.unexpected': 'Something happened that Tokentray does not know ({detail}).',
  'problem.unexpected.next':
    'Try again; if it happens twice, start Tokentray from a terminal and read what it says.',
  'problem.agent-not-running': 'Tokentray is not running.',
  'problem.agent-not-running.next': 'Start the tray application, or run tokentray serve.',
  'problem.already-running': 'Tokentray runs already: {owner}.',
  'problem.already-running.next': 'Use that one, or end it first.',
  'problem.port-in-use': 'Port {port} of the redirect URI is in use{holder}.',
  'problem.port-in-use.next': 'End that program, or register a redirect URI with another port and import it.',
  'problem.socket-directory': 'The directory for the local socket, {path}, cannot be trusted: {detail}.',
  'problem.socket-directory.next':
    'Remove it, or set XDG_RUNTIME_DIR to a directory that only you can enter.',
  'problem.port-refused': 'Port {port} of the redirect URI may not be opened ({detail}).',
  'problem.port-refused.next':
    'Ports below 1024 are the administrator’s: register a redirect URI with a port above and import it.',
  'problem.agent-silent': 'Tokentray did not answer within {seconds} seconds.',
  'problem.agent-silent.next': 'Try again; if it happens twice, restart Tokentray.',
  'problem.agent-garbled': 'Tokentray’s answer could not be read ({detail}).',
  'problem.agent-garbled.next': 'Try again; if it happens twice, restart Tokentray.',
  'problem.exec-info': 'KUBERNETES_EXEC_INFO names “{found}”; known are {wanted}.',
  'problem.exec-info.next': 'Write one of them as apiVersion of the exec section in your kubeconfig.',
  'problem.command-line': '{detail}',
  'problem.command-line.next': '{help} explains it.',
  'problem.service.windows': 'Windows has no services that are a user’s own.',
  'problem.service.windows.next':
    'Let the tray application start at login (its menu), or make a task for “tokentray serve” in the Task Scheduler.',
  'problem.service.path': 'A path has characters that cannot be written there: “{path}”.',
  'problem.service.path.next': 'Rename what is named, and try again.',
  'problem.service.changed':
    '{file} was changed since Tokentray wrote it, or is not Tokentray’s, so it was left as it is.',
  'problem.service.changed.next':
    'Keep your lines (with systemd in a drop-in: systemctl --user edit tokentray), remove the file, and try again.',
  'problem.service.failed': '{command} did not go well ({detail}).',
  'problem.service.failed.next': 'See what is wrong: {look}',
  'problem.service.credential-missing':
    'The key of the storage is the systemd credential “{name}”, and the file that it comes from was not named.',
  'problem.service.credential-missing.next': 'Write --credential FILE.',
  'problem.service.credential-unwanted':
    '--credential was found, but the key of the storage is no systemd credential.',
  'problem.service.credential-unwanted.next':
    'Leave it out, or choose first: tokentray storage encrypted-file --systemd-credential NAME.',
  'problem.starting': 'Tokentray is still starting.',
  'problem.starting.next': 'Ask again in a moment.',
} as const;
