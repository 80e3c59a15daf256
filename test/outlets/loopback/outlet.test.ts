import { lstatSync, readFileSync, symlinkSync, writeFileSync, chmodSync, rmSync, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { loadLoopbackKey } from '../../../src/outlets/loopback/access-key.ts';
import { LoopbackOutlet } from '../../../src/outlets/loopback/outlet.ts';
import { LoopbackPort, randomPort } from '../../../src/outlets/loopback/port.ts';
import { profilesSource } from '../../../src/outlets/loopback/token-source.ts';
import { fakeAgent, fakeProfiles } from '../fixtures/fake-agent.ts';
import { get, MSI } from '../fixtures/loopback-fixture.ts';
import { testPlaces } from '../fixtures/runtime-directory.ts';
import { closeAll, closing, quiet } from '../fixtures/socket-fixture.ts';

afterEach(closeAll);

type Places = ReturnType<typeof testPlaces>;

function outlet(places: Places, patienceMs = 0): LoopbackOutlet {
  const source = profilesSource(fakeProfiles(fakeAgent()));
  const made = new LoopbackOutlet({ places, source, log: quiet, patienceMs });
  closing.push(() => made.close());
  return made;
}

/** The status of a token request with the current key, or with an earlier one. */
async function ask({ port }: LoopbackOutlet, places: Places, key?: string): Promise<number> {
  const header = key ?? (await loadLoopbackKey(places)).reveal();
  return (await get({ port: port ?? 0 }, MSI, { 'X-IDENTITY-HEADER': header })).status;
}

async function occupy(port: number): Promise<() => Promise<void>> {
  const server = createServer().listen({ host: '127.0.0.1', port });
  await once(server, 'listening');
  const free = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  closing.push(free);
  return free;
}

test('off until it is switched on; then its key opens it, and both lie where only their user reads', async () => {
  const places = testPlaces();
  const loopback = outlet(places);
  expect([loopback.port, loopback.trouble]).toEqual([undefined, undefined]);
  await loopback.apply('on');
  expect(loopback.port).toBeGreaterThanOrEqual(20_000);
  expect(loopback.port).toBeLessThan(30_000);
  expect(await ask(loopback, places)).toBe(200);
  for (const file of ['loopback-port', 'loopback-key']) {
    expect(lstatSync(path.join(places.runtimeDirectory, file)).mode & 0o777).toBe(0o600);
  }
});

test('port and key stay: applied again, switched off and on, and over a restart of the owner', async () => {
  const places = testPlaces();
  const loopback = outlet(places);
  await loopback.apply('on');
  const { port } = loopback;
  const key = (await loadLoopbackKey(places)).reveal();
  await loopback.apply('on');
  expect(loopback.port).toBe(port);
  await loopback.apply('off');
  expect(loopback.port).toBeUndefined();
  await expect(get({ port: port ?? 0 }, '/health')).rejects.toThrow('ECONNREFUSED');
  await loopback.apply('on');
  expect([loopback.port, await ask(loopback, places, key)]).toEqual([port, 200]);
  await loopback.close();
  const next = outlet(places);
  await next.apply('on');
  expect([next.port, await ask(next, places, key)]).toEqual([port, 200]);
});

test('switches that follow each other are done in turn', async () => {
  const places = testPlaces();
  const loopback = outlet(places);
  await Promise.all([
    loopback.apply('on'),
    loopback.apply('off'),
    loopback.apply('on'),
    loopback.apply('off'),
  ]);
  expect([loopback.port, loopback.trouble]).toEqual([undefined, undefined]);
});

describe('when another process has the port at the next start', () => {
  async function stolen(): Promise<{ places: Places; port: number; key: string; free: () => Promise<void> }> {
    const places = testPlaces();
    const before = outlet(places);
    await before.apply('on');
    const { port = 0 } = before;
    const key = (await loadLoopbackKey(places)).reveal();
    await before.close();
    return { places, port, key, free: await occupy(port) };
  }

  test('nothing is opened, the holder is named, and the key that it was sent is replaced', async () => {
    const { places, port, key } = await stolen();
    const loopback = outlet(places);
    await loopback.apply('on');
    expect(loopback.port).toBeUndefined();
    expect(loopback.trouble).toMatchObject({ kind: 'admin', code: 'loopback.port-taken', params: { port } });
    if (process.platform === 'linux')
      expect(loopback.trouble?.params.holder).toContain(`process ${process.pid}`);
    expect((await loadLoopbackKey(places)).reveal()).not.toBe(key);
  });

  test('other settings that change choose no port; switching it off and on does', async () => {
    const { places, port, key } = await stolen();
    const loopback = outlet(places);
    await loopback.apply('on');
    await loopback.apply('on');
    expect(loopback.trouble?.code).toBe('loopback.port-taken');
    await loopback.apply('off');
    expect(loopback.trouble).toBeUndefined();
    await loopback.apply('on');
    expect(loopback.port).not.toBe(port);
    expect([await ask(loopback, places), await ask(loopback, places, key)]).toEqual([200, 401]);
  });

  test('once it is free again the next try has it, with the new key', async () => {
    const { places, port, key, free } = await stolen();
    const loopback = outlet(places);
    await loopback.apply('on');
    await free();
    for (const next of [loopback, outlet(places)]) {
      await next.apply('on');
      expect([next.port, next.trouble]).toEqual([port, undefined]);
      expect([await ask(next, places), await ask(next, places, key)]).toEqual([200, 401]);
      await next.close();
    }
  });

  test('a predecessor that is only ending is waited for, and nothing is replaced', async () => {
    const { places, port, key, free } = await stolen();
    const loopback = outlet(places, 20_000);
    const opening = loopback.apply('on');
    setTimeout(() => void free(), 150);
    await opening;
    expect([loopback.port, await ask(loopback, places, key)]).toEqual([port, 200]);
  });
});

test('a directory that cannot be trusted is reported; a later try succeeds', async () => {
  const places = testPlaces();
  mkdirSync(places.runtimeDirectory, { mode: 0o755 });
  chmodSync(places.runtimeDirectory, 0o755);
  const loopback = outlet(places);
  await loopback.apply('on');
  expect([loopback.port, loopback.trouble?.code]).toEqual([undefined, 'socket-directory']);
  chmodSync(places.runtimeDirectory, 0o700);
  await loopback.apply('on');
  expect(loopback.trouble).toBeUndefined();
  expect(await ask(loopback, places)).toBe(200);
});

test('where the port cannot be noted nothing is opened', async () => {
  const places = testPlaces();
  mkdirSync(path.join(places.runtimeDirectory, 'loopback-port'), { recursive: true, mode: 0o700 });
  const loopback = outlet(places);
  await loopback.apply('on');
  expect(loopback.port).toBeUndefined();
  expect(loopback.trouble?.code).toBe('file-system');
});

describe('the note of the port', () => {
  test.each<[string, (file: string) => void]>([
    ['a damaged one', (file) => writeFileSync(file, '21000x\n')],
    ['a port of the system', (file) => writeFileSync(file, '80\n')],
    ['no port', (file) => writeFileSync(file, '99999\n')],
    ['one that others may write', (file) => chmodSync(file, 0o666)],
    [
      'a link',
      (file) => {
        writeFileSync(`${file}.other`, '21000\n', { mode: 0o600 });
        rmSync(file);
        symlinkSync(`${file}.other`, file);
      },
    ],
  ])('%s is not followed', async (_what, spoil) => {
    const { runtimeDirectory } = testPlaces();
    mkdirSync(runtimeDirectory, { recursive: true, mode: 0o700 });
    const note = new LoopbackPort({ runtimeDirectory });
    await note.write(21_000);
    expect(await note.read()).toBe(21_000);
    const file = path.join(runtimeDirectory, 'loopback-port');
    expect(readFileSync(file, 'utf8')).toBe('21000\n');
    spoil(file);
    expect(await note.read()).toBeUndefined();
  });

  test('new ports are never ephemeral ones', () => {
    const ports = Array.from({ length: 1_000 }, randomPort);
    expect(ports.filter((port) => port < 20_000 || port > 29_999)).toEqual([]);
  });
});
