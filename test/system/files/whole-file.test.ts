import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFor, writeFirst, writeNew, writeWhole } from '../../../src/system/files/whole-file.ts';

let directory: string;
const at = (name: string): string => path.join(directory, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'whole-file-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('writing a whole file', () => {
  it('replaces a file and leaves nothing else', async () => {
    await writeWhole(at('a'), 'old');
    await writeWhole(at('a'), 'new');
    await writeWhole(at('a'), 'newest', temporaryFor(at('a')));
    expect(text('a')).toBe('newest');
    expect(readdirSync(directory)).toEqual(['a']);
  });

  it.skipIf(process.platform === 'win32')('makes it readable only by its user', async () => {
    writeFileSync(at('a'), 'open to all', { mode: 0o644 });
    await writeWhole(at('a'), 'private');
    expect(statSync(at('a')).mode & 0o777).toBe(0o600);
  });

  it('replaces a link that lies under the temporary name, and does not follow it', async () => {
    writeFileSync(at('elsewhere'), 'untouched');
    symlinkSync(at('elsewhere'), at('a.new'));
    await writeWhole(at('a'), 'new');
    expect([text('elsewhere'), text('a')]).toEqual(['untouched', 'new']);
  });

  it('keeps the old content and removes its temporary file if it fails', async () => {
    await expect(writeWhole(at('a/b'), 'new')).rejects.toMatchObject({ code: 'ENOENT' });
    await writeNew(at('file'), 'old');
    await expect(writeWhole(directory, 'new', at('temporary'))).rejects.toThrow();
    expect(readdirSync(directory)).toEqual(['file']);
  });

  it('gives temporary names that differ, beside the file, also for the longest name', async () => {
    const longest = at('n'.repeat(255));
    expect(temporaryFor(longest)).not.toBe(temporaryFor(longest));
    await writeWhole(longest, 'content', temporaryFor(longest));
    expect(readdirSync(directory)).toEqual([path.basename(longest)]);
  });
});

describe('writing a file that does not exist yet', () => {
  it('lets one of several writers win, whole', async () => {
    const texts = ['one', 'two', 'three'];
    const outcomes = await Promise.all(texts.map((content) => writeFirst(at('a'), content)));
    expect(outcomes.toSorted()).toEqual(['there-already', 'there-already', 'written']);
    expect(text('a')).toBe(texts[outcomes.indexOf('written')]);
    expect(readdirSync(directory)).toEqual(['a']);
  });

  it('does not touch a file that exists', async () => {
    writeFileSync(at('a'), 'mine');
    await expect(writeNew(at('a'), 'new')).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(writeFirst(at('a'), 'new')).resolves.toBe('there-already');
    expect(text('a')).toBe('mine');
  });
});
