import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/words/problem.ts';
import type { Places } from '../../../src/system/places.ts';
import { Registrations } from '../../../src/config/settings/registrations.ts';
import { openSettingsStore } from '../../../src/config/settings/settings-file.ts';
import { RegistrationChanges } from '../../../src/host/registration-changes.ts';
import type { Parsed } from '../../../src/terminal/command-line/table.ts';
import { reportFailure } from '../../../src/terminal/output/failure.ts';
import type { table } from '../../../src/terminal/token-files/command.ts';
import { run as runTokenFiles } from '../../../src/terminal/token-files/token-files.ts';
import { memoryVault } from '../../../src/vault/store/memory-vault.ts';
import { profile } from '../../outlets/fixtures/fake-agent.ts';
import { closeAll, closing } from '../../outlets/fixtures/socket-fixture.ts';
import { makeEmptyHome, ownHome } from '../fixtures/fake-owner.ts';

let where: Places;
let home: string;
let said: string[];
let printed: string[];

beforeEach(async () => {
  const made = makeEmptyHome();
  where = made.places;
  home = made.directory;
  said = [];
  printed = [];
  mkdirSync(path.dirname(where.settingsFile), { recursive: true, mode: 0o700 });
  const registration = { profile, credential: undefined, rank: 'default', tokenFiles: undefined } as const;
  await (await open()).put(registration);
});
afterEach(closeAll);

async function open(): Promise<Registrations> {
  const settings = await openSettingsStore(where.settingsFile);
  return new Registrations({ settings, vault: memoryVault(), now: Date.now });
}

/** A host that owns the home and makes changes of the settings one after the other. */
async function host(): Promise<void> {
  const changes = new RegistrationChanges({
    registrations: await open(),
    profiles: { get: () => undefined, apply: () => Promise.resolve(), reopen: () => Promise.resolve() },
    pages: undefined,
    outlets: { apply: () => Promise.resolve() },
  });
  const owner = await ownHome(where, { registrations: changes });
  closing.push(() => owner.close());
}

const pathOf = (name: string): string => path.join(home, name);
async function run(options: Parsed<typeof table>): Promise<number> {
  const terminal = {
    out: (text: string) => printed.push(text),
    err: (text: string) => said.push(text),
    format: options.json ? ('json' as const) : ('words' as const),
  };
  try {
    return await runTokenFiles(options, where, terminal, { version: '', commands: [] });
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return reportFailure(error, terminal);
  }
}
const add = (name: string, ofProfile?: string): Promise<number> =>
  run({ action: 'add', path: pathOf(name), profile: ofProfile });
const remove = (name: string): Promise<number> => run({ action: 'remove', path: pathOf(name) });
const stored = (): string[] => {
  const { tokenFiles } = JSON.parse(readFileSync(where.settingsFile, 'utf8')) as {
    tokenFiles: { path: string }[];
  };
  return tokenFiles.map((file) => path.basename(file.path)).sort();
};

async function codeOf(asked: Promise<unknown>): Promise<unknown> {
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  return error instanceof ProblemError ? error.problem.code : error;
}

const six = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('with a running host', () => {
  test('no simultaneous addition or removal is lost', async () => {
    await host();
    expect(await Promise.all(six.map((name) => add(name)))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(stored()).toEqual(six);
    expect(said[0]).toContain('now contains a fresh token');
    const both = await Promise.all([...['a', 'b', 'c'].map(remove), ...['g', 'h'].map((name) => add(name))]);
    expect(both).toEqual([0, 0, 0, 0, 0]);
    expect(stored()).toEqual(['d', 'e', 'f', 'g', 'h']);
  });

  test('a refusal is reported, and changes nothing', async () => {
    await host();
    expect(await add('a')).toBe(0);
    expect(await add('a')).toBe(2);
    expect(said.join('\n')).toContain('this one is used twice');
    expect(await add('b', 'nobody')).toBe(2);
    expect(await remove('c')).toBe(2);
    expect(said.at(-2)).toContain(pathOf('c'));
    expect(stored()).toEqual(['a']);
  });
});

describe('without a host', () => {
  test('the command adds and removes files by the same rules', async () => {
    expect(await add('a')).toBe(0);
    expect(said).toEqual([`${pathOf('a')} will contain a fresh token while Tokentray is running.`]);
    expect(await codeOf(add('a'))).toBe('profile.unchanged');
    expect(await codeOf(remove('c'))).toBe('token-file.unknown');
    expect(stored()).toEqual(['a']);
    expect(await run({ action: 'remove', path: pathOf('a'), json: true })).toBe(0);
    expect(JSON.parse(printed[0] ?? '')).toMatchObject({ removed: pathOf('a') });
    expect(stored()).toEqual([]);
  });
});
