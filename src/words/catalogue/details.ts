/** Clauses that complete another sentence, and warnings without a surface of their own: `unnamed.*`, `storage.*`, `shell-cache.*`, `token-file.*`, `web.directory.*`, `web.port.*`, `log.*`, `policy.*`. */
export const detailWords = {
  'unnamed.authority': 'The authority',
  'unnamed.file': 'The file',
  'storage.no-credentials-directory':
    'CREDENTIALS_DIRECTORY is not set: start Tokentray as a systemd service with LoadCredential={name}:FILE; for a command, systemd-run --user --pipe --wait -p LoadCredential={name}:/PATH tokentray storage encrypted-file --systemd-credential {name}',
  'storage.key-changes': '{file} changes while it is read: is Tokentray started twice?',
  'storage.newer': 'what is stored was written by a newer Tokentray; update this one',
  'log.unwritable':
    'The log in {directory} cannot be written ({detail}). Tokentray goes on without it and tries again in a minute.',
  'shell-cache.platform': 'only Linux has a directory in memory for it',
  'shell-cache.home': 'TOKENTRAY_HOME is set, where the command does not look for it',
  'shell-cache.no-runtime-directory':
    'there is neither XDG_RUNTIME_DIR nor a directory of systemd’s for this user',
  'shell-cache.no-tmpfs': '{path} is not in memory (tmpfs)',
  'token-file.no-file': 'it is not a regular file',
  'token-file.directory-absent': 'its directory is not there',
  'token-file.directory-open': 'everybody may replace files in its directory',
  'token-file.env-characters': 'this token has characters that an env file cannot carry',
  'web.directory.link': 'it is a symbolic link',
  'web.directory.no-directory': 'it is not a directory',
  'web.directory.foreign': 'it belongs to user id {uid}',
  'web.directory.open': 'others may enter it (mode {mode}, wanted 700)',
  'web.port.process': ' by {name} (process {pid})',
  'web.port.user': ' by a program of user id {uid}',
  'policy.left-out': 'The policy in {file} cannot be used, so it is left out:',
} as const;
