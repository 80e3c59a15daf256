import { expect, test } from 'vitest';
import { redact } from '../../../src/system/log/redact.ts';
import { rounds } from '../../house/fixtures/soak.ts';
import { withinLimit } from '../../house/fixtures/within-limit.ts';
import { randomFrom } from '../../vault/fixtures/random.ts';
import { innocent, sample } from './redact-shapes.ts';

/** The same on every run, so that failures can be reproduced; another seed can be tried by hand. */
const SEED = Number(process.env.TOKENTRAY_FUZZ_SEED ?? 20_261_122);
const ROUNDS = Number(process.env.TOKENTRAY_FUZZ_ROUNDS ?? rounds(2_000, 50_000));

/** A shorter piece of a token is useless and may occur in a text by chance. */
const PIECE_CHARS = 12;

/** The first piece of the secret that the text still contains. */
function survivor(text: string, spellings: readonly string[]): string | undefined {
  for (const spelling of spellings) {
    for (let start = 0; start + PIECE_CHARS <= spelling.length; start += 1) {
      const piece = spelling.slice(start, start + PIECE_CHARS);
      if (text.includes(piece)) return piece;
    }
  }
  return undefined;
}

/** Each round has its own seed, shown in the message, so that it can be repeated alone. */
const seeds = Array.from({ length: ROUNDS }, (_round, index) => SEED + index);

test('no piece of a secret survives, in any notation', () => {
  const failures = seeds.flatMap((seed) => {
    const { shape, text, spellings } = sample(randomFrom(seed));
    const masked = redact(text);
    const piece = survivor(masked, spellings);
    return piece === undefined ? [] : [{ seed, shape, piece, text, masked }];
  });
  expect({ count: failures.length, first: failures.slice(0, 3) }).toEqual({
    count: 0,
    first: [],
  });
});

test('text that is not secret is not changed', () => {
  const failures = seeds.flatMap((seed) => {
    const text = innocent(randomFrom(seed));
    const masked = redact(text);
    return masked === text ? [] : [{ seed, text, masked }];
  });
  expect({ count: failures.length, first: failures.slice(0, 3) }).toEqual({ count: 0, first: [] });
});

/** The beginnings that the rules look for; repeated and mixed, they make the rules backtrack. */
const PIECES = [
  ...[
    'a',
    'eyJ',
    'code',
    'code=',
    'client_secret',
    'client_secret="',
    'Authorization',
    'authorization: ',
    'cookie: ',
    'cookie: [',
  ],
  ...[
    'bearer ',
    'bearer  ',
    'Basic%20',
    '://',
    '://a:',
    '://a:b',
    '@',
    '"',
    "'",
    '\\',
    '\\"',
    '\\\\',
    '[',
    ']',
    '[secret]',
    '{',
    '%3D',
    '%26code',
  ],
  ...[
    '=>',
    '=',
    ':',
    ',',
    ' ',
    '\n',
    '\t',
    '-----BEGIN PRIVATE KEY-----',
    '-----END ',
    '-',
    '.',
    '_',
    '😀',
    '\u2028',
    '0',
    '&',
    '?',
  ],
];
/** A rule that is quadratic takes minutes on the shorter one too. */
const LENGTH = rounds(250_000, 1_000_000);

// All texts of a megabyte take 8 s together.
test(`${LENGTH} characters chosen to be slow are masked in time`, () => {
  const random = randomFrom(SEED);
  const parts = [
    ...PIECES,
    ...Array.from({ length: 40 }, () =>
      Array.from({ length: random.between(2, 4) }, () => random.pick(PIECES)).join(''),
    ),
  ];
  // Only the first, because a slow rule is slow with many of them.
  const isSlow = (text: string): boolean => withinLimit(() => redact(text)) === undefined;
  expect(parts.find((part) => isSlow(part.repeat(LENGTH / part.length)))).toBeUndefined();
});

test('masking twice changes nothing', () => {
  const failures = seeds.flatMap((seed) => {
    const once = redact(sample(randomFrom(seed)).text);
    const twice = redact(once);
    return twice === once ? [] : [{ seed, once, twice }];
  });
  expect({ count: failures.length, first: failures.slice(0, 3) }).toEqual({ count: 0, first: [] });
});
