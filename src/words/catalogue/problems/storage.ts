/** Problems of the storage and of files: `problem.storage.*`, `problem.file-system`, `problem.token-file.*`. */
export const storageProblems = {
  'problem.file-system': '{path} cannot be used ({detail}).',
  'problem.file-system.next':
    'See that it is a directory or file of your own and that there is room, then try again.',
  'problem.storage.unavailable': 'The place where secrets are kept cannot be used ({detail}).',
  'problem.storage.unavailable.next':
    'Tokentray tries again by itself, and until then keeps the session in memory. If this stays, restart Tokentray; tokentray doctor tests the keyring.',
  'problem.storage.absent': 'This machine has no keyring that Tokentray could use ({detail}).',
  'problem.storage.absent.next':
    'Start or install GNOME Keyring or KWallet; Tokentray notices by itself, and until then keeps the session in memory. On a server choose an encrypted file: tokentray storage encrypted-file --key-file FILE.',
  'problem.storage.locked': 'The system’s keyring is locked ({detail}).',
  'problem.storage.locked.next':
    'Unlock it (in Passwords and Keys, KWalletManager or Keychain Access, or by logging in with your password). Tokentray notices by itself, and until then keeps the session in memory.',
  'problem.storage.silent': 'The system’s keyring does not answer ({detail}).',
  'problem.storage.silent.next':
    'Look for a window that asks for the keyring’s password and answer it; Tokentray notices by itself, and until then keeps the session in memory.',
  'problem.storage.write': 'The session could not be stored ({detail}).',
  'problem.storage.write.next':
    'Remove the cause: unlock or start the keyring, or make room on the disk. Until then the session is in memory only; Tokentray saves it again by itself.',
  'problem.storage.corrupt': 'What was stored of the session could not be read; it was set aside as {name}.',
  'problem.storage.corrupt.next': 'Sign in again.',
  'problem.token-file.refused': 'The token was not written to {path}: {detail}.',
  'problem.token-file.refused.next':
    'Choose another path, or mend what is there; Tokentray tries again by itself.',
  'problem.token-file.write': 'The token could not be written to {path} ({detail}).',
  'problem.token-file.write.next':
    'See that the directory is your own and that there is room; Tokentray tries again by itself.',
  'problem.token-file.unknown': 'No token file has the path {path}.',
  'problem.token-file.unknown.next': 'See them with: tokentray token-files.',
  'problem.token-file.remove': 'The token file {path} could not be removed ({detail}).',
  'problem.token-file.remove.next': 'Remove it yourself: its token may still work.',
  'problem.storage.another-key':
    'The files in {directory} are encrypted with another key, and they can have one only.',
  'problem.storage.another-key.next':
    'Choose another storage first, with the key as it is now: tokentray storage auto, or plain-file. Then choose encrypted-file with the new key.',
  'problem.storage.unusable': 'The storage cannot be used ({detail}).',
  'problem.storage.unusable.next': 'Mend what is named, or choose another storage: tokentray storage --help.',
} as const;
