import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstSettings } from '../../../src/config/settings/registrations.ts';
import { earlySettings } from '../../../src/tray/sessions/current-settings.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'early-'));
  file = path.join(directory, 'settings.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the settings can be read before the file is owned', () => {
  writeFileSync(file, `\uFEFF${JSON.stringify({ ...firstSettings, logLevel: 'debug' })}`);
  expect(earlySettings(file)).toMatchObject({ logLevel: 'debug' });
});

test.each(['', '{ "half', '{ "schemaVersion": "of another world" }'])(
  'a file that holds %j stays in place, because another process may own it',
  (text) => {
    writeFileSync(file, text);
    expect(earlySettings(file)).toBeUndefined();
    expect(readdirSync(directory)).toEqual(['settings.json']);
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

test('without a file, or with a directory in its place, there are no settings', () => {
  expect(earlySettings(file)).toBeUndefined();
  mkdirSync(file);
  expect(earlySettings(file)).toBeUndefined();
});
