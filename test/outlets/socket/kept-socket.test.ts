import {
  chmodSync,
  lstatSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadAccessKey } from '../../../src/outlets/loopback/access-key.ts';
import { LOOK_INTERVAL_MS } from '../../../src/outlets/socket/kept-socket.ts';
import { findOwner, takeOwnership } from '../../../src/system/ownership/ownership.ts';
import { askOwner } from '../../../src/outlets/socket/client.ts';
import { until } from '../../house/fixtures/until.ts';
import { closeAll, closing, openSocket, send } from '../fixtures/socket-fixture.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));

afterEach(async () => {
  await closeAll();
  vi.useRealTimers();
});

/** A check is file system work, which a fake clock cannot speed up. */
async function look(): Promise<void> {
  await vi.advanceTimersByTimeAsync(LOOK_INTERVAL_MS);
}

const status = async (places: Parameters<typeof askOwner>[0]): Promise<number> =>
  (await askOwner(places, 'GET', '/v1/status')).status;

describe.skipIf(process.platform === 'win32')('what lies in the runtime directory', () => {
  test('is touched every hour, so that no cleaner takes it for left behind', async () => {
    const { places, clock } = await openSocket();
    await loadAccessKey(places);
    const { runtimeDirectory, socketPath, accessKeyFile } = places;
    mkdirSync(path.join(runtimeDirectory, 'shell'), { mode: 0o700 });
    const file = path.join(runtimeDirectory, 'shell', 'default');
    const elsewhere = path.join(path.dirname(runtimeDirectory), 'elsewhere');
    const link = `${file}@owner`;
    for (const name of [file, elsewhere]) writeFileSync(name, '');
    symlinkSync(elsewhere, link);
    const old = new Date(clock.now - 10 * HOUR_MS);
    const kept = [file, accessKeyFile, socketPath, runtimeDirectory];
    for (const name of [...kept, elsewhere]) utimesSync(name, old, old);

    clock.now += HOUR_MS - 1;
    await look();
    expect(statSync(socketPath).mtimeMs).toBe(old.getTime());

    clock.now += 1;
    await look();
    await until(() => {
      for (const name of [...kept, link]) {
        const { atimeMs, mtimeMs } = lstatSync(name);
        expect({ name, atimeMs, mtimeMs }).toEqual({ name, atimeMs: clock.now, mtimeMs: clock.now });
      }
    });
    expect(statSync(elsewhere).mtimeMs).toBe(old.getTime());
    expect(await status(places)).toBe(200);
  });

  test('is touched at the next look after the machine has slept, or its clock was set back', async () => {
    const { places, clock } = await openSocket();
    for (const slept of [20 * HOUR_MS, -5 * HOUR_MS]) {
      clock.now += slept;
      await look();
      await until(() => expect(statSync(places.socketPath).mtimeMs).toBe(clock.now));
    }
  });
});

describe.skipIf(process.platform === 'win32')('a socket that was removed', () => {
  test('is open again at the next check, only for its user; requests under way are still answered', async () => {
    const { places } = await openSocket();
    const seen: string[] = [];
    const events = get({ socketPath: places.socketPath, path: '/v1/events' }, (response) => {
      response.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
      response.on('close', () => seen.push('closed'));
    });
    events.on('error', () => undefined);
    await until(() => expect(seen).not.toEqual([]));
    for (let time = 0; time < 2; time += 1) {
      rmSync(places.socketPath);
      await look();
      await until(async () => expect(await status(places)).toBe(200));
      // The directory is private, so that the moment before does no harm.
      await until(() => expect(statSync(places.socketPath).mode & 0o777).toBe(0o600));
    }
    expect(seen).not.toContain('closed');
    await closeAll();
    await until(() => expect(seen).toContain('closed'));
    expect(lstatSync(places.socketPath, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('is open again where the whole directory went, and its owner is still the only one', async () => {
    const { places } = await openSocket();
    rmSync(places.runtimeDirectory, { recursive: true });
    await look();
    await until(async () => expect(await status(places)).toBe(200));
    expect(statSync(places.runtimeDirectory).mode & 0o777).toBe(0o700);
    expect(await findOwner(places)).toMatchObject({ pid: process.pid, kind: 'tray' });
    expect(await takeOwnership({ places, kind: 'terminal' })).toMatchObject({ kind: 'taken' });
  });

  test('stays another owner’s where one came while the directory was gone', async () => {
    const { places } = await openSocket();
    rmSync(places.runtimeDirectory, { recursive: true });
    const other = await takeOwnership({ places, kind: 'terminal' });
    if (other.kind !== 'owner') throw new Error('everything was gone');
    closing.push(() => other.release());
    await look();
    // Enough for a socket that must not be opened.
    await sleep(100);
    await expect(status(places)).rejects.toThrow('agent-not-running');
    expect(await findOwner(places)).toMatchObject({ kind: 'terminal' });
    // Ours ends first, and leaves the other's record where it is.
    for (const close of closing.splice(0, 2).reverse()) await close();
    expect(await findOwner(places)).toMatchObject({ kind: 'terminal' });
  });

  test('is not opened in a directory that others can enter, until they cannot', async () => {
    const { places } = await openSocket();
    rmSync(places.socketPath);
    chmodSync(places.runtimeDirectory, 0o755);
    await look();
    // Enough for a socket that must not be opened.
    await sleep(100);
    expect(lstatSync(places.socketPath, { throwIfNoEntry: false })).toBeUndefined();
    chmodSync(places.runtimeDirectory, 0o700);
    await look();
    await until(async () => expect((await send(places, { path: '/v1/status' })).status).toBe(200));
  });
});
