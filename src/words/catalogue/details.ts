/** Clauses that complete another sentence, and warnings without a surface of their own: `unnamed.*`, `storage.*`, `shell-cache.*`, `token-file.*`, `web.directory.*`, `web.port.*`, `log.*`, `policy.*`. */
export const detailWords = {
  'unnamed.authority': 'The authority',
  'unnamed.file': 'The file',
  'storage.no-credentials-directory':
    'CREDENTIALS_DIRECTORY is not set: start Tokentray as a systemd service with LoadCredential={name}:FILE; for a command, systemd-run --user --pipe --wait -p LoadCredential={name}:/PATH tokentray storage encrypted-file --systemd-credential {name}',
  'storage.key-changes': '{file} changed while it was being read: was Tokentray started twice?',
  'storage.newer': 'the stored data was written by a newer version of Tokentray; update this one',
  'log.unwritable':
    'Cannot write the log in {directory} ({detail}). Tokentray continues without it and tries again in a minute.',
  'shell-cache.platform': 'available on Linux only, which has an in-memory directory for it',
  'shell-cache.home': 'TOKENTRAY_HOME is set, where the command does not look for it',
  'shell-cache.no-runtime-directory':
    'neither XDG_RUNTIME_DIR nor systemd’s runtime directory for this user exists',
  'shell-cache.no-tmpfs': '{path} is not in memory (tmpfs)',
  'token-file.no-file': 'it is not a regular file',
  'token-file.directory-absent': 'its directory does not exist',
  'token-file.directory-open': 'any user can replace files in its directory',
  'token-file.env-characters': 'this token contains characters that an env file cannot hold',
  'web.directory.link': 'it is a symbolic link',
  'web.directory.no-directory': 'it is not a directory',
  'web.directory.foreign': 'it belongs to the user with ID {uid}',
  'web.directory.open': 'other users can access it (mode {mode}, expected 700)',
  'web.port.process': ' by {name} (process {pid})',
  'web.port.user': ' by a program of the user with ID {uid}',
  'policy.left-out': 'The policy in {file} is invalid and is ignored:',
} as const;
