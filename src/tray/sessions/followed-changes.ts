import type { RegistrationPort } from '../../outlets/answer/host.ts';
import type { AdoptionPort, SignInPlacePort } from '../../host/registration-changes.ts';

/** Every way to change what is set in a running tray. */
export type SettingsPort = RegistrationPort & AdoptionPort & SignInPlacePort;

/** Changes of what is registered that the screen follows: `show` after each that was made. */
export function followedChanges(changes: SettingsPort, show: () => void): SettingsPort {
  return {
    put: async (registration) => {
      await changes.put(registration);
      show();
    },
    remove: async (id) => {
      const trouble = await changes.remove(id);
      show();
      return trouble;
    },
    setDefault: async (id) => {
      await changes.setDefault(id);
      show();
    },
    change: async (change) => {
      await changes.change(change);
      show();
    },
    adopt: async (adoption) => {
      await changes.adopt(adoption);
      show();
    },
    setSignIn: async (id, place) => {
      await changes.setSignIn(id, place);
      show();
    },
    addTokenFile: async (file) => {
      await changes.addTokenFile(file);
      show();
    },
    removeTokenFile: async (path) => {
      await changes.removeTokenFile(path);
      show();
    },
    reload: async () => {
      await changes.reload();
      show();
    },
  };
}
