import { expect, test } from 'vitest';
import { unavailableBecause, UnusableStore } from '../../../src/vault/store/unavailable.ts';
import { VaultError } from '../../../src/vault/store/vault.ts';

test.each([
  // Errors of libsecret 0.20 and gnome-keyring 42 on Debian 12.
  ['Cannot create an item in a locked collection', 'locked'],
  ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'absent'],
  ['Could not connect: No such file or directory', 'absent'],
  ['Address element “nonsense” does not contain a colon (:)', 'absent'],
  ['The name org.freedesktop.secrets was not provided by any .service files', 'absent'],
  ['The name :1.3 was not provided by any .service files', 'failed'],
  ['The session does not exist', 'failed'],
  ['The session wrapping the secret does not exist', 'failed'],
  // The texts of errSecInteractionNotAllowed, errSecUserCanceled and errSecNoDefaultKeychain on macOS.
  ['User interaction is not allowed.', 'locked'],
  ['User canceled the operation.', 'locked'],
  ['A default keychain could not be found.', 'absent'],
  ['something unknown', 'failed'],
])('“%s” means that the store is %s', (message, kind) => {
  expect(unavailableBecause(new Error(message))).toEqual({ kind, detail: message });
});

test('what the vault found out itself is not guessed from its words', () => {
  expect(unavailableBecause(new UnusableStore('silent', 'the locked door')).kind).toBe('silent');
});

test('a reason contains no secret', () => {
  expect(unavailableBecause(new Error('client_secret=hunter2')).detail).toBe('client_secret=[secret]');
  expect(unavailableBecause(new VaultError('plain')).detail).toBe('plain');
});
