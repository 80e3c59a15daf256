import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { claimWords } from '../../src/words/catalogue/claims.ts';
import { catalogue, type WordCode } from '../../src/words/catalogue.ts';
import { commandHelp } from '../../src/words/catalogue/command-help.ts';
import { say, sayProblem, type ProblemCode } from '../../src/words/say.ts';
import { sayDuration, sayTime, sayTimeLeft } from '../../src/words/time.ts';

const codes = Object.keys(catalogue) as WordCode[];
const SURFACES = ['terminal', 'web', 'tray', 'form'] as const;
const isNextStep = (code: string): boolean => /\.next(?:\.[a-z]+)?$/u.test(code);
const problems = codes.filter((code) => code.startsWith('problem.') && !isNextStep(code));
const nameOf = (code: string): ProblemCode => code.slice('problem.'.length) as ProblemCode;

/** Everything between braces, also where `say` would not read it as a name. */
function samplesFor(sentence: string): Record<string, string> {
  const names = [...sentence.matchAll(/\{([^}]*)\}/gu)].map(([, name]) => name ?? '');
  return Object.fromEntries(names.map((name): [string, string] => [name, `<${name}>`]));
}

/** `say` asks for each sentence's own names, which a loop over all sentences cannot give the compiler. */
const sayAny = say as (code: WordCode, params: Record<string, string>) => string;

describe('every sentence', () => {
  test('is filled in completely', () => {
    for (const code of codes) {
      const samples = samplesFor(catalogue[code]);
      const said = sayAny(code, samples);
      expect(said, code).not.toMatch(/[{}]/u);
      for (const sample of Object.values(samples)) expect(said, code).toContain(sample);
    }
  });

  test('says something, without loose ends', () => {
    for (const code of codes) {
      expect(catalogue[code].trim(), code).not.toBe('');
      expect(catalogue[code], code).not.toMatch(/undefined|null|TODO|[ \t]$/u);
    }
  });

  test('takes what it is given literally', () => {
    expect(say('session.signed-in', { name: '{name} $& $1 {time}' })).toBe(
      'Signed in as {name} $& $1 {time}',
    );
    expect(say('problem.sign-in.timeout', { minutes: 0 })).toContain('within 0 minutes');
  });
});

describe('every problem', () => {
  test('comes with the next step, and no next step without a problem', () => {
    const steps = codes.filter((code) => code.startsWith('problem.') && code.endsWith('.next'));
    expect(problems.length).toBeGreaterThan(0);
    expect(steps.toSorted()).toEqual(problems.map((code) => `${code}.next`).toSorted());
  });

  test('and its next step are filled in from the same names', () => {
    for (const code of problems) {
      const params = samplesFor(`${catalogue[code]} ${catalogue[`${code}.next` as WordCode]}`);
      for (const surface of SURFACES) {
        const { sentence, next } = sayProblem({ code: nameOf(code), params }, surface);
        expect(sentence, code).not.toMatch(/[{}]/u);
        expect(next, code).not.toMatch(/[{}]/u);
        expect(next, code).not.toBe(sentence);
      }
    }
  });
});

describe('no sentence is dead', () => {
  const src = fileURLToPath(new URL('../../src', import.meta.url));
  const text = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith(path.join('words', 'catalogue')))
    .map((file) => readFileSync(path.join(src, file), 'utf8'))
    .join('\n');
  const literals = new Set([...text.matchAll(/'([^'\n]*)'/gu)].map(([, literal]) => literal));
  /** Codes put together at run time: `settings.rule.env.${trouble}`, `${TITLES[kind]}.profile`; `${string}` is a type. */
  const prefixes = [...text.matchAll(/`((?:[a-z-]+\.)+)\$\{(?!string\})/gu)].map(([, prefix]) => prefix!);
  const suffixes = [...text.matchAll(/\}((?:\.[a-z-]+)+)`/gu)].map(([, suffix]) => suffix!);

  const isUsed = (code: string): boolean =>
    literals.has(code) ||
    prefixes.some((prefix) => code.startsWith(prefix) && literals.has(code.slice(prefix.length))) ||
    suffixes.some((suffix) => code.endsWith(suffix) && literals.has(code.slice(0, -suffix.length)));

  test('every one is said somewhere', () => {
    // Those of the help are put together from the commands' tables: test/terminal/help.
    const isHelp = (code: string): boolean => code in commandHelp;
    // A claim's sentence is found by the name of the claim: host/token-view.
    const isClaim = (code: string): boolean => code in claimWords;
    const dead = codes.filter(
      (code) => !code.startsWith('problem.') && !isHelp(code) && !isClaim(code) && !isUsed(code),
    );
    expect(dead).toEqual([]);
  });

  test('every problem can happen', () => {
    expect(problems.map(nameOf).filter((name) => !isUsed(name))).toEqual([]);
  });
});

describe('times', () => {
  const noon = new Date(2026, 0, 15, 12, 0).getTime();
  const DAY_MS = 24 * 3600_000;

  test('of today are said without the day, of another day with it', () => {
    expect(sayTime(noon, noon)).toMatch(/^12:00$/u);
    expect(sayTime(noon + DAY_MS, noon)).toMatch(/^.+\b12:00$/u);
    expect(sayTime(new Date(2026, 0, 15, 0, 5).getTime(), noon)).toBe('00:05');
  });

  test.each([
    [12_000, '12 s'],
    [90 * 60_000, '90 min'],
    [2 * 3600_000, '2 h'],
    [DAY_MS, '24 h'],
  ])('a length of %i ms is said as “%s”', (length, said) => expect(sayDuration(length)).toBe(said));

  test.each([
    [59_999, 'less than a minute'],
    [60_000, '1 min'],
    [60 * 60_000 - 1, '59 min'],
    [60 * 60_000, '1 h 0 min'],
    [DAY_MS - 1, '23 h 59 min'],
  ])('what is left of %i ms is said as “%s”, never too much', (length, said) =>
    expect(sayTimeLeft(length)).toBe(said),
  );
});
