import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeKeyFile } from '../../../src/vault/file-store/file-key.ts';
import { openVault } from '../../../src/vault/open-vault.ts';
import type { StorageChoice } from '../../../src/vault/store/storage-choice.ts';
import { fileNameOf } from '../../../src/vault/store/store.ts';
import { bundleVault, type VaultBundle } from '../fixtures/bundle.ts';

const NAME = 'default/msal-cache';

/** MSAL's cache with one account and a handful of tokens. */
const ITEM_BYTES = 30_000;

const KILLS = 100;
const LEAST_BETWEEN_OPEN_AND_RENAME = 30;

/** On a busy machine fewer fall there; then it goes on until enough have. */
const MOST_KILLS = 200;

/** Side by side, each with a directory of its own, because starting a process takes longest. */
const LANES = 2;

/** Some saves' time, so that the kills fall on any moment of one. */
const LONGEST_PAUSE_MS = 30;

/** It takes some 15 s; a machine that is busy with other tests has needed 180. */
const LIMIT_MS = 500_000;

/** Opening takes some 5 ms; whoever waited for a lock that a killed process has left would wait for ever. */
const NO_LOCK_MS = 20_000;

let home: string;
let bundle: VaultBundle;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kill-'));
  bundle = await bundleVault();
});
afterAll(() => Promise.all([rm(home, { recursive: true }), bundle.remove()]));

const textOf = (save: number): string => `${save}:`.padEnd(ITEM_BYTES, String(save));

/** Saves without end, and writes down the number of each save when it is done. */
const writer = (storage: StorageChoice, directory: string, first: number): string => `
  import { openVault } from ${JSON.stringify(bundle.openVault.href)};
  import { writeSync } from 'node:fs';
  const vault = await openVault({ storage: ${JSON.stringify(storage)}, directory: ${JSON.stringify(directory)} });
  const item = vault.item(${JSON.stringify(NAME)});
  const textOf = (save) => (save + ':').padEnd(${ITEM_BYTES}, String(save));
  writeSync(1, 'open\\n');
  for (let save = ${first}; ; save += 1) { await item.save(textOf(save)); writeSync(1, save + '\\n'); }`;

/** Runs the writer, kills it at a random moment, and gives the last save that it has said to be done. */
async function killWriter(script: string): Promise<number | undefined> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      resolve();
    });
    child.stdout.on('close', resolve);
  });
  if (said === '') throw new Error('the writer ended before it had opened the vault');
  const closed = new Promise((resolve) => child.once('close', resolve));
  await pause(Math.random() * LONGEST_PAUSE_MS);
  child.kill('SIGKILL');
  await closed;
  const done = said.trimEnd().split('\n').slice(1).at(-1);
  return done === undefined ? undefined : Number(done);
}

interface Tally {
  readonly betweenOpenAndRename: number;
  readonly openedMs: number;
}

async function killAgainAndAgain(lane: number): Promise<Tally> {
  const directory = join(home, `vault-${lane}`);
  const keyFile = join(home, `key-${lane}`);
  await makeKeyFile(keyFile);
  const storage: StorageChoice = { kind: 'encrypted-file', key: { kind: 'key-file', path: keyFile } };
  const temporary = join(directory, `${fileNameOf(NAME)}.sealed.new`);
  let kept = 0;
  let betweenOpenAndRename = 0;
  let openedMs = 0;
  let seen: bigint | undefined;
  await (await openVault({ storage, directory })).item(NAME).save(textOf(kept));
  const enough = LEAST_BETWEEN_OPEN_AND_RENAME / LANES;
  for (
    let kill = 0;
    kill < KILLS / LANES || (betweenOpenAndRename < enough && kill < MOST_KILLS / LANES);
    kill += 1
  ) {
    const done = (await killWriter(writer(storage, directory, kept + 1))) ?? kept;
    // By its time, because one that an earlier kill has left may still be there.
    const written = statSync(temporary, { bigint: true, throwIfNoEntry: false })?.mtimeNs;
    if (written !== undefined && written !== seen) betweenOpenAndRename += 1;
    seen = written;

    const start = performance.now();
    const text = await (await openVault({ storage, directory })).item(NAME).load();
    openedMs = Math.max(openedMs, performance.now() - start);

    kept = Number.parseInt(text ?? 'nothing', 10);
    // The last save that was done, or the one that was being done.
    expect([done, done + 1]).toContain(kept);
    expect(text === textOf(kept), 'whole').toBe(true);
  }
  // The key's record, the item, and at most the temporary file of the last kill.
  expect((await readdir(directory)).length).toBeLessThanOrEqual(3);
  return { betweenOpenAndRename, openedMs };
}

test(
  `killed ${KILLS} times during saves, the item is always the old or the new one, whole, and no lock is left`,
  { timeout: LIMIT_MS },
  async () => {
    const lanes = await Promise.all(Array.from({ length: LANES }, (_, lane) => killAgainAndAgain(lane)));
    const landed = lanes.reduce((sum, { betweenOpenAndRename }) => sum + betweenOpenAndRename, 0);
    const openedMs = Math.max(...lanes.map((lane) => lane.openedMs));
    const opened = `opened within ${openedMs.toFixed(0)} ms`;
    process.stdout.write(`${landed} of ${KILLS} or more kills fell between open and rename; ${opened}\n`);
    expect(landed).toBeGreaterThanOrEqual(LEAST_BETWEEN_OPEN_AND_RENAME);
    expect(openedMs).toBeLessThan(NO_LOCK_MS);
  },
);
