import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow, root } from '../fixtures/repository.ts';

/** About a dozen: what a person takes in at a glance. */
const MOST_ENTRIES = 13;

/** One folder a command; and in test the rooms of src, docs and house. */
const LARGER = ['src/terminal', 'test/terminal', 'test'];

/** The entries of each folder that holds one of the files. */
function entriesOf(files: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    for (let entry = file; path.posix.dirname(entry) !== '.'; entry = path.posix.dirname(entry)) {
      const folder = path.posix.dirname(entry);
      folders.set(folder, (folders.get(folder) ?? new Set()).add(entry));
    }
  }
  return folders;
}

function tooLarge(files: readonly string[]): string[] {
  return [...entriesOf(files)]
    .filter(([folder, entries]) => entries.size > MOST_ENTRIES && !LARGER.includes(folder))
    .map(([folder, { size }]) => `${folder} has ${size} entries`);
}

describe('folders', () => {
  test.each(['src', 'test'])(`none in %s has more than ${MOST_ENTRIES} entries`, (folder) => {
    expect(tooLarge(filesBelow(folder))).toEqual([]);
  });

  test('with one entry more, or a folder more, are found', () => {
    const files = Array.from({ length: MOST_ENTRIES }, (_, index) => `src/room/${index}.ts`);
    expect(tooLarge(files)).toEqual([]);
    expect(tooLarge([...files, 'src/room/more/file.ts'])).toEqual(['src/room has 14 entries']);
  });
});

describe('a test that lists a folder of the repository', () => {
  /** What names a folder of the repository in a call of readdir. */
  const LISTS =
    /\breaddir(?:Sync)?\(\s*(?:path\.)?(?:join\(\s*)?(?:root|ROOT|src|SRC|repository|dist|new URL)\b/u;

  /** The cases below, and tests that look for something in the files, so that they fail without any. */
  const SAFE = [
    'test/house/rules/folders.test.ts',
    'test/words/plain-english.test.ts',
    'test/words/sentences-elsewhere.test.ts',
    'test/words/words.test.ts',
  ];

  test('fails if the folder is empty, as filesBelow does', () => {
    const listing = filesBelow('test', '.test.ts').filter((file) =>
      LISTS.test(readFileSync(path.join(root, file), 'utf8')),
    );
    expect(listing.filter((file) => !SAFE.includes(file))).toEqual([]);
    expect(() => filesBelow('src', '.not-there')).toThrow('src has no files that end in .not-there');
  });

  test.each(['readdirSync(src, {', 'await readdir(path.join(root, folder)', 'readdirSync(new URL(…'])(
    'is found: %s',
    (text) => {
      expect(LISTS.test(text)).toBe(true);
    },
  );
});
