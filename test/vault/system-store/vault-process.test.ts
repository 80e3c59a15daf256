import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKeyring, type Keyring } from '../../house/fixtures/keyring.ts';
import { bundleVault, type VaultBundle } from '../fixtures/bundle.ts';

let bundle: VaultBundle;
let keyring: Keyring;

beforeAll(async () => {
  [bundle, keyring] = await Promise.all([bundleVault(), startKeyring()]);
});
afterAll(() => Promise.all([bundle.remove(), keyring.stop()]));

/** Without the user's session variables, like a service or an SSH login without a session. */
function withoutSession(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...keyring.env, XDG_RUNTIME_DIR: '/nonexistent' };
  Reflect.deleteProperty(env, 'DBUS_SESSION_BUS_ADDRESS');
  return env;
}

test('bundled as it ships, one process reads from the keyring what another has saved', async () => {
  const save = `const vault = await openVault({ storage: 'auto', directory });
    await vault.item('default/tokens').save('kept'); console.log(JSON.stringify(vault.unavailable ?? vault.backend));`;
  const load = `const vault = await openVault({ storage: 'auto', directory });
    console.log(JSON.stringify(await vault.item('default/tokens').load()));`;
  expect((await bundle.run(save, keyring.env)).printed).toBe('secret-service');
  expect((await bundle.run(load, keyring.env)).printed).toBe('kept');
  expect(await keyring.items()).toEqual([{ account: 'default/tokens', length: 6 }]);
});

test.each(['memory', 'plain-file'])(
  'the add-on and the packages around it are not loaded where %s was chosen',
  async (storage) => {
    const code = `await openVault({ storage: '${storage}', directory });
    console.log(JSON.stringify(process.report.getReport().sharedObjects.filter((file) => /keytar|libsecret/.test(file))));`;
    expect((await bundle.run(code, keyring.env)).printed).toEqual([]);
  },
);

test.each([
  ['no D-Bus session at all', withoutSession, /Cannot autolaunch D-Bus/u],
  [
    'a session that is gone',
    () => ({ ...keyring.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }),
    /Could not connect/u,
  ],
])(
  'with %s the vault is in memory, says why, and opens without waiting for the limit',
  async (_what, env, reason) => {
    // A store that has not refused in time is silent, not absent.
    const code = `const { backend, unavailable } = await openVault({ storage: 'auto', directory, openLimitMs: 50_000 });
    console.log(JSON.stringify({ backend, unavailable }));`;
    const { printed } = await bundle.run(code, env());
    expect(printed).toMatchObject({
      backend: 'memory',
      unavailable: { kind: 'absent', detail: expect.stringMatching(reason) as string },
    });
  },
);

test('a keyring that hangs does not keep the process from ending', async () => {
  keyring.freeze();
  try {
    const code = `const { backend } = await openVault({ storage: 'auto', directory, openLimitMs: 200 });
      process.stdout.write(JSON.stringify(backend), () => process.exit(0));`;
    const { printed, ms, signal } = await bundle.run(code, keyring.env);
    expect(printed).toBe('memory');
    expect(signal).toBe('SIGKILL');
    // libsecret waits 25 s for each call.
    expect(ms).toBeLessThan(24_000);
  } finally {
    keyring.thaw();
  }
});
