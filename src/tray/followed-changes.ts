import type { RegistrationPort } from '../outlets/socket-host.ts';

/** Changes of what is registered that the screen follows: `show` after each that was made. */
export function followedChanges(changes: RegistrationPort, show: () => void): RegistrationPort {
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
