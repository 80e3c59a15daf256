/** Problems of the running Tokentray and of the command line: `problem.agent-*`, `problem.port-*`, `problem.service.*`, `problem.command-line` … */
export const hostProblems = {
  'problem.unexpected': 'An unexpected error occurred ({detail}).',
  'problem.unexpected.next': 'Try again. If this happens again, run: tokentray doctor{forProfile}',
  'problem.unexpected.next.tray':
    'Try again. If this happens again, restart Tokentray from a terminal and read its messages.',
  'problem.agent-not-running': 'Tokentray is not running.',
  'problem.agent-not-running.next': 'Start the tray application, or run tokentray serve.',
  'problem.already-running': 'Tokentray is already running: {owner}.',
  'problem.already-running.next': 'Use that one, or quit it first.',
  'problem.port-in-use': 'Port {port} of the redirect URI is in use{holder}.',
  'problem.port-in-use.next':
    'Quit that program, or register a redirect URI with another port and import it: tokentray import FILE{forProfile}',
  'problem.port-in-use.next.tray':
    'Quit that program, or register a redirect URI with another port and enter it in Settings.',
  'problem.port-in-use.next.form':
    'Quit that program, or register and enter a redirect URI with another port.',
  'problem.socket-directory': 'The directory for the local socket, {path}, cannot be trusted: {detail}.',
  'problem.socket-directory.next':
    'Remove it, or set XDG_RUNTIME_DIR to a directory that only you can access.',
  'problem.port-refused': 'Port {port} of the redirect URI cannot be opened ({detail}).',
  'problem.port-refused.next':
    'Ports below 1024 need administrator rights: register a redirect URI with a higher port and import it: tokentray import FILE{forProfile}',
  'problem.port-refused.next.tray':
    'Ports below 1024 need administrator rights: register a redirect URI with a higher port and enter it in Settings.',
  'problem.port-refused.next.form':
    'Ports below 1024 need administrator rights: register and enter a redirect URI with a higher port.',
  'problem.agent-silent': 'Tokentray did not answer within {seconds} seconds.',
  'problem.agent-silent.next': 'Try again. If this happens again, restart Tokentray.',
  'problem.agent-garbled': 'Tokentray’s answer could not be read ({detail}).',
  'problem.agent-garbled.next': 'Try again. If this happens again, restart Tokentray.',
  'problem.exec-info': 'KUBERNETES_EXEC_INFO specifies “{found}”; supported: {wanted}.',
  'problem.exec-info.next': 'Set one of these as the apiVersion of the exec section in your kubeconfig.',
  'problem.command-line': '{detail}',
  'problem.command-line.next': 'For help: {help}',
  'problem.service.windows': 'Windows has no services for a single user.',
  'problem.service.windows.next':
    'Let the tray application start at login, or create a task for “tokentray serve” in Task Scheduler.',
  'problem.service.path': 'A path contains characters that are not allowed there: “{path}”.',
  'problem.service.path.next': 'Rename the file or folder, then try again.',
  'problem.service.changed':
    '{file} was changed since Tokentray wrote it, or was not written by Tokentray, so it was not overwritten.',
  'problem.service.changed.next':
    'Keep your lines (for systemd, in a drop-in: systemctl --user edit tokentray), remove the file, and try again.',
  'problem.service.failed': '{command} failed ({detail}).',
  'problem.service.failed.next': 'For details: {look}',
  'problem.service.credential-missing':
    'The storage key is the systemd credential “{name}”, and --credential was not given.',
  'problem.service.credential-missing.next': 'Add --credential FILE, the file that contains the key.',
  'problem.service.credential-unwanted':
    '--credential was given, but the storage key is not a systemd credential.',
  'problem.service.credential-unwanted.next':
    'Omit it, or first run: tokentray storage encrypted-file --systemd-credential NAME',
  'problem.program-replaced': 'Tokentray’s program files were replaced or removed while it was running.',
  'problem.program-replaced.next': 'Restart Tokentray.',
  'problem.starting': 'Tokentray is still starting.',
  'problem.starting.next': 'Try again in a moment.',
} as const;
