/** Problems of the storage and of files: `problem.storage.*`, `problem.file-system`, `problem.token-file.*`. */
export const storageProblems = {
  'problem.storage.unavailable': 'The storage for secrets is not available ({detail}).',
  'problem.storage.unavailable.next':
    'Tokentray tries again automatically, and keeps the session in memory until then. If this persists, restart Tokentray. To test the keyring: tokentray doctor{forProfile}',
  'problem.storage.unavailable.next.tray':
    'Tokentray tries again automatically, and keeps the session in memory until then. If this persists, restart Tokentray.',
  'problem.storage.absent': 'This machine has no keyring that Tokentray can use ({detail}).',
  'problem.storage.absent.next':
    'Start or install GNOME Keyring or KWallet. Tokentray will notice, and keeps the session in memory until then. On a server, choose an encrypted file: tokentray storage encrypted-file --key-file FILE',
  'problem.storage.locked': 'The system keyring is locked ({detail}).',
  'problem.storage.locked.next':
    'Unlock it (in Passwords and Keys, KWalletManager or Keychain Access, or by logging in with your password). Tokentray will notice and keeps the session in memory until then.',
  'problem.storage.silent': 'The system keyring is not responding ({detail}).',
  'problem.storage.silent.next':
    'Look for a window that asks for the keyring’s password, and enter it. Tokentray will notice, and keeps the session in memory until then.',
  'problem.storage.write': 'The session could not be stored ({detail}).',
  'problem.storage.write.next':
    'Unlock or start the keyring, or free up disk space. Tokentray then saves the session automatically; until then, it is kept in memory only.',
  'problem.storage.corrupt': 'The stored session could not be read; it was kept as {name}.',
  'problem.storage.corrupt.next': 'Sign in again.',
  'problem.storage.corrupt.next.terminal': 'Sign in again: tokentray sign-in{forProfile}',
  'problem.storage.another-key':
    'The files in {directory} are encrypted with another key, and they can have only one.',
  'problem.storage.another-key.next':
    'Choose another storage first, with the current key: tokentray storage auto, or tokentray storage plain-file. Then choose encrypted-file with the new key.',
  'problem.storage.unusable': 'The storage cannot be used ({detail}).',
  'problem.storage.unusable.next': 'Fix the problem, or choose another storage: tokentray storage --help',
  'problem.file-system': '{path} cannot be used ({detail}).',
  'problem.file-system.next':
    'Check that it belongs to you and that there is free disk space, then try again.',
  'problem.token-file.refused': 'The token was not written to {path}: {detail}.',
  'problem.token-file.refused.next':
    'Fix the problem, or choose another path. Tokentray tries again automatically.',
  'problem.token-file.write': 'The token could not be written to {path} ({detail}).',
  'problem.token-file.write.next':
    'Check that the directory belongs to you and that there is free disk space. Tokentray tries again automatically.',
  'problem.token-file.unknown': 'No token file has the path {path}.',
  'problem.token-file.unknown.next': 'To list them: tokentray token-files',
  'problem.token-file.unknown.next.tray': 'Settings lists them under Outlets.',
  'problem.token-file.remove': 'The token file {path} could not be deleted ({detail}).',
  'problem.token-file.remove.next': 'Delete it yourself: its token may still be valid.',
} as const;
