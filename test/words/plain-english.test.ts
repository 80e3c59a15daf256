import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/words/catalogue.ts';
import { commentsIn, habitsIn } from './plain-english.ts';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** The rooms of `src` whose comments are checked. */
const ROOMS = ['words'];

test('no sentence of the catalogue shows a habit of translated English', () => {
  const wrong = Object.entries(catalogue).flatMap(([code, sentence]) =>
    habitsIn(sentence).map((habit) => `${code}: ${habit}`),
  );
  expect(wrong).toEqual([]);
});

test.each(ROOMS)('no comment in %s does', (room) => {
  const files = readdirSync(path.join(src, room), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const comments = files.flatMap((file) =>
    commentsIn(readFileSync(path.join(src, room, file), 'utf8')).map((comment) => ({ file, comment })),
  );
  expect(comments.length).toBeGreaterThan(0);
  const wrong = comments.flatMap(({ file, comment }) =>
    habitsIn(comment).map((habit) => `${room}/${file}: ${habit} in “${comment}”`),
  );
  expect(wrong).toEqual([]);
});

describe('what is looked for', () => {
  test.each([
    'A full path is wanted.',
    'Whole minutes from 0 to 720 are wanted.',
    '{option} wants a value.',
    'Somebody signed out',
    'Nobody is signed in.',
    'Ask whoever runs the proxy.',
    'Tokentray tries again by itself.',
    'HOST was not taken over.',
    'Tokentray reads it anew each time.',
    'Something has to be mended',
    'This token is no JWT.',
    'Open the Entra portal.',
    'Each field is in the Entra admin center.',
    'Secrets are kept there from now on.',
    'Tokentray runs already.',
    'The token ends soon.',
    'A sentence is\nwanted across lines.',
  ])('is found: %s', (sentence) => expect(habitsIn(sentence)).not.toEqual([]));

  test.each([
    'Must be a full path.',
    'The token is no longer valid.',
    'Open the Microsoft Entra admin center.',
    'I recommend it; the wanted poster is unwanted.',
  ])('is not found: %s', (sentence) => expect(habitsIn(sentence)).toEqual([]));

  test('is found in comments of every kind, not in code', () => {
    const source = [
      '/** Nobody reads',
      ' * this. */',
      'const whoever = 1; // trailing',
      'function f() {',
      '  // The first line, and the',
      '  // second.',
      "  return '// not a comment, /* nor this */';",
      '  /* before the brace */',
      '}',
      '// at the end',
    ].join('\n');
    expect(commentsIn(source).map((comment) => comment.replaceAll(/\s+/gu, ' '))).toEqual([
      'Nobody reads this.',
      'trailing',
      'The first line, and the second.',
      'before the brace',
      'at the end',
    ]);
  });
});
