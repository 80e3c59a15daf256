import { open, readFile, writeFile } from 'node:fs/promises';
import type { Extensions, Persistence } from '../../src/vault/store.ts';

/** A stand-in for msal-node-extensions whose store can be made to fail, lie and hang. */
export interface FakeExtensions extends Extensions {
  /** What the keyring holds, by `service:account`. */
  readonly contents: Map<string, string>;
  readonly calls: string[];
  /** Set to make every call fail with this message. */
  failure: string | undefined;
  /** Set to let calls wait for it. */
  gate: Promise<void> | undefined;
  /** A locked keyring nobody unlocks: saves fail, loads give null and deletions false, as libsecret's do. */
  locked: boolean;
}

export function fakeExtensions(): FakeExtensions {
  const keyring = {
    create: (_file: string, service: string, account: string): Promise<Persistence> => {
      const key = `${service}:${account}`;
      const call = async (what: string): Promise<void> => {
        fake.calls.push(`${what} ${account}`);
        await fake.gate;
        if (fake.failure !== undefined) throw new Error(fake.failure);
      };
      return Promise.resolve({
        load: async () => {
          await call('load');
          return fake.locked ? null : (fake.contents.get(key) ?? null);
        },
        save: async (content) => {
          await call('save');
          if (fake.locked) throw new Error('Cannot create an item in a locked collection');
          fake.contents.set(key, content);
        },
        delete: async () => {
          await call('delete');
          return !fake.locked && fake.contents.delete(key);
        },
      });
    },
  };
  const fake: FakeExtensions = {
    contents: new Map(),
    calls: [],
    failure: undefined,
    gate: undefined,
    locked: false,
    LibSecretPersistence: keyring,
    KeychainPersistence: keyring,
    FilePersistenceWithDataProtection: { create: dpapiFile },
    DataProtectionScope: { CurrentUser: 'CurrentUser' },
  };
  return fake;
}

const ENCRYPTED = 'DPAPI';

/** Like the package's: creates the file when asked for one, writes in place, fails on what it cannot decrypt. */
async function dpapiFile(file: string): Promise<Persistence> {
  await (await open(file, 'a', 0o600)).close();
  return {
    load: async () => {
      const bytes = await readFile(file, 'utf8');
      if (bytes === '') return null;
      if (!bytes.startsWith(ENCRYPTED)) throw new Error('Decryption failed. Error code: 13');
      return Buffer.from(bytes.slice(ENCRYPTED.length), 'base64').toString();
    },
    save: (content) => writeFile(file, ENCRYPTED + Buffer.from(content).toString('base64'), { mode: 0o600 }),
    delete: () => Promise.reject(new Error('not used: files are removed by their name')),
  };
}
