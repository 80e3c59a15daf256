import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeKeyFile } from '../../../src/vault/file-store/file-key.ts';
import { openVault } from '../../../src/vault/open-vault.ts';
import type { StorageChoice } from '../../../src/vault/store/storage-choice.ts';
import { rounds } from '../../house/fixtures/soak.ts';
import { deathPoints, dyingAt } from '../../house/fixtures/sudden-death.ts';
import { bundleVault, type VaultBundle } from '../fixtures/bundle.ts';

const NAME = 'default/msal-cache';

/** MSAL's cache with one account and a handful of tokens. */
const ITEM_BYTES = 30_000;

/** The process dies at each point during its 1st, 2nd … save. */
const SAVES = rounds(3, 20);
const RANDOM_KILLS = rounds(4, 100);

/** They would take minutes: the writer is killed long before it is done. */
const MANY_SAVES = 100_000;

/** Several times what a save takes, so that a kill can fall on any moment of one. */
const LONGEST_PAUSE_MS = 30;

/** A kill takes 0.2 s, most of it to start Node; only a hang takes this long. */
const KILL_LIMIT_MS = 20_000;

let home: string;
let bundle: VaultBundle;
let storage: StorageChoice;
let directory: string;
let homes = 0;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kill-'));
  bundle = await bundleVault();
});
beforeEach(async () => {
  homes += 1;
  directory = join(home, `vault-${homes}`);
  const keyFile = join(home, `key-${homes}`);
  await makeKeyFile(keyFile);
  storage = { kind: 'encrypted-file', key: { kind: 'key-file', path: keyFile } };
  await (await openVault({ storage, directory })).item(NAME).save(textOf(0));
});
afterAll(() => Promise.all([rm(home, { recursive: true }), bundle.remove()]));

const textOf = (save: number): string => `${save}:`.padEnd(ITEM_BYTES, String(save));

/** Saves over and over, and prints each save's number when it is done. */
const writer = (first: number, most: number): string => `
  import { openVault } from ${JSON.stringify(bundle.openVault.href)};
  import { writeSync } from 'node:fs';
  const vault = await openVault({ storage: ${JSON.stringify(storage)}, directory: ${JSON.stringify(directory)} });
  const item = vault.item(${JSON.stringify(NAME)});
  const textOf = (save) => (save + ':').padEnd(${ITEM_BYTES}, String(save));
  writeSync(1, 'open\\n');
  for (let save = ${first}; save < ${first + most}; save += 1) { await item.save(textOf(save)); writeSync(1, save + '\\n'); }`;

/** Runs the writer until it dies, and returns the last save that it reported; `kill`: kill it once it is saving. */
async function runWriter(first: number, end: { env: NodeJS.ProcessEnv } | 'kill'): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', writer(first, end === 'kill' ? MANY_SAVES : SAVES + 1)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...(end === 'kill' ? {} : end.env) },
    },
  );
  let said = '';
  const opened = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      resolve();
    });
    child.stdout.on('close', resolve);
  });
  const closed = new Promise<unknown>((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  await opened;
  if (end === 'kill') {
    await pause(Math.random() * LONGEST_PAUSE_MS);
    child.kill('SIGKILL');
  }
  expect(await closed).toBe('SIGKILL');
  const done = said.trimEnd().split('\n').slice(1).at(-1);
  return done === undefined ? first - 1 : Number(done);
}

/** The number of the save that the vault holds; fails unless it holds all of it. */
async function savedNumber(): Promise<number> {
  const text = await (await openVault({ storage, directory })).item(NAME).load();
  const save = Number.parseInt(text ?? 'nothing', 10);
  expect(text === textOf(save), 'whole').toBe(true);
  return save;
}

describe('a process that dies while it saves leaves no lock, and the item whole', () => {
  test.each(deathPoints)(
    `at the point “%s” of its first ${SAVES} saves: the old item until it has the new one's name`,
    { timeout: SAVES * KILL_LIMIT_MS },
    async (point) => {
      let kept = 0;
      for (let save = 1; save <= SAVES; save += 1) {
        const done = await runWriter(kept + 1, { env: dyingAt(point, save, directory) });
        expect(done).toBe(kept + save - 1);
        kept = await savedNumber();
        expect(kept).toBe(point === 'renamed' ? done + 1 : done);
      }
      // The key's record, the item, and the temporary file of the last death.
      expect(await readdir(directory)).toHaveLength(point === 'renamed' ? 2 : 3);
    },
  );

  test(
    `killed ${RANDOM_KILLS} times at any moment: the last finished save, or the one after`,
    { timeout: RANDOM_KILLS * KILL_LIMIT_MS },
    async () => {
      let kept = 0;
      for (let kill = 0; kill < RANDOM_KILLS; kill += 1) {
        const done = await runWriter(kept + 1, 'kill');
        kept = await savedNumber();
        expect([done, done + 1]).toContain(kept);
      }
    },
  );
});
