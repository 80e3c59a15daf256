import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TICK_MS } from '../../../src/agent/refresh/timetable.ts';
import { canMount, mountSmallDisk, type SmallDisk } from '../../vault/fixtures/small-disk.ts';
import { fakeClock, type FakeClock } from '../fixtures/fake-clock.ts';
import {
  killServe,
  makeStoredHome,
  startServe,
  type BareServe,
  type StoredHome,
} from '../fixtures/stored-home.ts';

const MINUTE_MS = 60_000;

/** Enough for a session and a log. */
const DISK_KILOBYTES = 2048;

/** Output that does not say what happened. */
const NO_WORDS = /does not know|Unhandled|at .*\.js:\d+|undefined|\[object/u;

interface Told {
  readonly session: { readonly kind: string };
  readonly storage: { readonly kind: string };
}

async function statusOf(stored: StoredHome): Promise<Told> {
  const answer = await stored.ask('GET', '/v1/status');
  return JSON.parse(answer?.body ?? '{}') as Told;
}

async function storageIs(stored: StoredHome, kind: string, withinMs: number): Promise<void> {
  await expect
    .poll(async () => (await statusOf(stored)).storage.kind, { timeout: withinMs, interval: 200 })
    .toBe(kind);
}

describe.runIf(canMount)('a disk that is full or read-only (needs root to mount one)', () => {
  let disk: SmallDisk;
  let stored: StoredHome;
  let clock: FakeClock;
  let serve: BareServe;

  const start = (): BareServe => startServe({ ...stored.home.env, ...clock.env });

  beforeEach(async () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'clock-'));
    clock = fakeClock(parent, Date.now());
    disk = mountSmallDisk(DISK_KILOBYTES);
    const home = path.join(disk.directory, 'home');
    stored = await makeStoredHome('encrypted-file', { now: () => clock.now(), home });
    const tokentray = stored.tokentray();
    const serving = await tokentray.serve();
    await stored.signIn(serving);
    await serving.end();
    serve = start();
    await stored.firstToken();
  });

  afterEach(async () => {
    await killServe(serve);
    disk.unmount();
    await stored.close();
  });

  test(
    'a new token is served although it cannot be stored; the status says so; once there is room, it is stored automatically',
    { timeout: 4 * TICK_MS },
    async () => {
      const before = await stored.firstToken();
      disk.fill();
      expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
      const fresh = await stored.firstToken();
      expect(fresh).not.toBe(before);
      await storageIs(stored, 'trouble', MINUTE_MS);
      const { out, err } = await stored.tokentray(clock.env).run('status');
      expect(out + err).toMatch(/could not be stored.*disk is full/su);
      expect(out + err).not.toMatch(NO_WORDS);

      disk.free();
      clock.set(clock.now() + 6 * MINUTE_MS);
      await storageIs(stored, 'ok', 2 * TICK_MS);
      // Killed, so that the token was stored before, not while quitting.
      await killServe(serve);
      serve = start();
      expect(await stored.firstToken()).toBe(fresh);
      expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
    },
  );

  test('killed while the disk is full, it starts with what was stored before, and says what it cannot do', async () => {
    const before = await stored.firstToken();
    disk.fill();
    expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
    await killServe(serve);
    serve = start();
    const outcome = await Promise.race([stored.firstToken(), serve.ended]);
    if (typeof outcome === 'string') expect(outcome).toBe(before);
    else expect(serve.said()).toMatch(/ENOSPC|full/u);
    expect(serve.said()).not.toMatch(NO_WORDS);
    await killServe(serve);
    disk.free();
    serve = start();
    expect(await stored.firstToken()).toBe(before);
    expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
  });

  test('on a disk that became read-only the token is still served; a start works, or is refused with a reason', async () => {
    await killServe(serve);
    const { vaultDirectory } = stored.places;
    const kept = `${vaultDirectory}.kept`;
    renameSync(vaultDirectory, kept);
    mkdirSync(vaultDirectory, { mode: 0o700 });
    const vaultDisk = mountSmallDisk(DISK_KILOBYTES, vaultDirectory);
    try {
      cpSync(kept, vaultDirectory, { recursive: true });
      serve = start();
      const before = await stored.firstToken();
      vaultDisk.makeReadOnly();
      expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
      const fresh = await stored.firstToken();
      expect(fresh).not.toBe(before);
      await storageIs(stored, 'trouble', MINUTE_MS);
      const told = await stored.tokentray(clock.env).run('status');
      expect(told.out + told.err).toMatch(/could not be stored.*read-only/su);
      await killServe(serve);

      serve = start();
      const outcome = await Promise.race([stored.firstToken(), serve.ended]);
      if (typeof outcome === 'string') expect(outcome).toBe(before);
      else expect({ outcome, said: serve.said() }).toMatchObject({ outcome: 14, said: /read-only|EROFS/u });
      expect(serve.said()).not.toMatch(NO_WORDS);
      await killServe(serve);
      vaultDisk.makeWritable();
      serve = start();
      expect(await stored.firstToken()).toBe(before);
    } finally {
      await killServe(serve);
      vaultDisk.unmount();
    }
  });
});

/** What a disk, a backup or a person can do to a file. */
const DAMAGES: Readonly<Record<string, (good: Buffer) => Buffer>> = {
  empty: () => Buffer.alloc(0),
  truncated: (good) => good.subarray(0, good.length >> 1),
  'filled with NULs': (good) => Buffer.alloc(good.length),
  'filled with something else': (good) => Buffer.from('<html>not found</html>'.repeat(good.length >> 4)),
  'changed in one letter': (good) => {
    const changed = Buffer.from(good);
    const place = changed.length - 10;
    changed[place] = changed[place] === 0x41 ? 0x42 : 0x41;
    return changed;
  },
};

describe('files that are damaged', () => {
  let stored: StoredHome;
  let pristine: string;
  let serve: BareServe | undefined;
  let token: string;

  const home = (): string => path.join(stored.home.directory, 'home');
  const start = (): BareServe => {
    serve = startServe(stored.home.env);
    return serve;
  };

  /** The files below a directory, by their relative path. */
  function contents(directory: string): Map<string, Buffer> {
    const names = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return new Map(
      names.map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(directory, file), readFileSync(file)];
      }),
    );
  }

  function vaultFile(part: string): string {
    const name = readdirSync(stored.places.vaultDirectory).find((found) => found.includes(part));
    if (name === undefined) throw new Error(`no ${part} is stored`);
    return path.join(stored.places.vaultDirectory, name);
  }

  /** The damaged bytes or the original are kept: set aside or untouched. */
  function isKept(bytes: Buffer): boolean {
    return [...contents(home()).values()].some((content) => content.equals(bytes));
  }

  /** A start serves a status, or exits with a code and a reason. */
  async function outcome(): Promise<{ exit: number | null } | { status: Told; token: number }> {
    const started = start();
    let exit: number | null | undefined;
    void started.ended.then((code) => (exit = code));
    for (let tries = 0; tries < 3000; tries += 1) {
      if (exit !== undefined) return { exit };
      const answer = await stored.ask('GET', '/v1/token');
      // A host whose vault was refused answers with that, and quits.
      const isOnItsWay = answer === undefined || /"code":"(?:starting|storage\.unusable)"/u.test(answer.body);
      if (!isOnItsWay) {
        return { status: await statusOf(stored), token: answer.status };
      }
      await sleep(20);
    }
    throw new Error('neither served nor ended');
  }

  beforeAll(async () => {
    stored = await makeStoredHome('encrypted-file');
    const serving = await stored.tokentray().serve();
    await stored.signIn(serving);
    token = await stored.firstToken();
    await serving.end();
    pristine = path.join(stored.home.directory, 'pristine');
    cpSync(home(), pristine, { recursive: true, filter: (file) => !file.endsWith('/run') });
  });

  beforeEach(() => {
    rmSync(home(), { recursive: true, force: true });
    cpSync(pristine, home(), { recursive: true });
  });

  afterEach(async () => {
    if (serve !== undefined) await killServe(serve);
    serve = undefined;
  });

  afterAll(async () => {
    await stored.close();
  });

  describe.each(Object.keys(DAMAGES))('%s', (damage) => {
    function spoil(file: string): Buffer {
      const bad = DAMAGES[damage]!(readFileSync(file));
      writeFileSync(file, bad);
      return bad;
    }

    test('the cache: what is left is served, the next refresh sets it aside and says so, a sign-in makes it good', async () => {
      const bad = spoil(vaultFile('msal-cache'));
      expect(await outcome()).toMatchObject({ token: 200 });
      expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 400 });
      const { session, storage } = await statusOf(stored);
      expect([session.kind, storage.kind]).toEqual(['sign-in-needed', 'trouble']);
      expect(await stored.firstToken()).toBe(token);
      expect(isKept(bad)).toBe(true);
      expect(serve?.said()).toContain('it was kept as');
      expect(serve?.said()).not.toMatch(NO_WORDS);
      const { out } = await stored.tokentray().run('sign-in');
      await stored.signIn({ ticketUrl: out.trim() });
      expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
    });

    test('the last good tokens: the session renews them', async () => {
      const bad = spoil(vaultFile('last-good'));
      expect(await outcome()).toMatchObject({ status: { session: { kind: 'signed-in' } }, token: 200 });
      expect(isKept(bad)).toBe(true);
      expect(serve?.said()).not.toMatch(NO_WORDS);
    });

    test('the credential: what is left of the session is served, and words ask for the import', async () => {
      const bad = spoil(vaultFile('credential'));
      const found = await outcome();
      expect(found).toMatchObject({ token: 200 });
      expect(isKept(bad)).toBe(true);
      const refreshed = await stored.ask('POST', '/v1/refresh');
      expect(refreshed?.body).toContain('import');
      expect(refreshed?.body).not.toMatch(NO_WORDS);
      expect(await stored.firstToken()).toBe(token);
    });

    // One changed letter of a JSON text may only make an unknown name; the rest is still valid.
    if (damage !== 'changed in one letter')
      test('the settings: refused in words, and kept', async () => {
        const bad = spoil(stored.places.settingsFile);
        expect(await outcome()).toEqual({ exit: 12 });
        expect(isKept(bad)).toBe(true);
        expect(serve?.said()).not.toMatch(NO_WORDS);
        expect(serve?.said()).toContain(stored.places.settingsFile);
        // The vault is untouched: once the settings are restored, everything works.
        writeFileSync(stored.places.settingsFile, readFileSync(path.join(pristine, 'config/settings.json')));
        start();
        expect(await stored.firstToken()).toBe(token);
      });

    test('the record of the key: refused in words that name the place, and nothing is changed', async () => {
      spoil(path.join(stored.places.vaultDirectory, 'vault-key.json'));
      const before = contents(stored.places.vaultDirectory);
      expect(await outcome()).toEqual({ exit: 14 });
      expect(contents(stored.places.vaultDirectory)).toEqual(before);
      expect(serve?.said()).toContain(stored.places.vaultDirectory);
      expect(serve?.said()).not.toMatch(NO_WORDS);
    });
  });

  test('a different key file is refused with a reason; nothing is changed, and with the right one everything works', async () => {
    const key = path.join(stored.home.directory, 'vault.key');
    const right = readFileSync(key);
    const before = contents(stored.places.vaultDirectory);
    try {
      writeFileSync(key, `${Buffer.alloc(32, 7).toString('base64')}\n`);
      expect(await outcome()).toEqual({ exit: 14 });
      expect(serve?.said()).toContain(key);
      expect(serve?.said()).not.toMatch(NO_WORDS);
      expect(contents(stored.places.vaultDirectory)).toEqual(before);
    } finally {
      writeFileSync(key, right);
    }
    start();
    expect(await stored.firstToken()).toBe(token);
  });

  test('a file in the place of the directory is refused with a reason', async () => {
    const { vaultDirectory } = stored.places;
    renameSync(vaultDirectory, `${vaultDirectory}.kept`);
    writeFileSync(vaultDirectory, '');
    expect(await outcome()).toEqual({ exit: 14 });
    expect(serve?.said()).toContain(vaultDirectory);
    expect(serve?.said()).not.toMatch(NO_WORDS);
    expect(existsSync(`${vaultDirectory}.kept`)).toBe(true);
  });
});
