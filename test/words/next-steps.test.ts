import { describe, expect, test } from 'vitest';
import { commandHelp } from '../../src/words/catalogue/command-help.ts';
import { storageProblems } from '../../src/words/catalogue/problems/storage.ts';
import { catalogue, type WordCode } from '../../src/words/catalogue.ts';
import { commands } from '../../src/terminal/commands.ts';
import { forProfile, sayProblem, type ProblemCode, type Surface } from '../../src/words/say.ts';

const sentences: Readonly<Record<string, string>> = catalogue;
const codes = Object.keys(catalogue);
const problems = codes
  .filter((code) => code.startsWith('problem.') && !/\.next(?:\.[a-z]+)?$/u.test(code))
  .map((code) => code.slice('problem.'.length) as ProblemCode);

const COMMANDS = new Map(
  await Promise.all(commands.map(async ({ name, table }) => [name, await table()] as const)),
);
const takesProfile = (name: string): boolean => 'profile' in (COMMANDS.get(name)?.options ?? {});

/** Sentences with a command and no profile it could name: there is none yet, or the command is for all of them. */
const WITHOUT_PROFILE = new Set([
  'problem.not-configured.next',
  'cli.profiles.none',
  'cli.notify.nobody',
  'cli.serve.page',
  'cli.usage.key-source',
  'web.ask-for-address',
  'web.home.close',
  'cli.token-files.none',
  'settings-page.socket.help',
  'settings-page.shell-cache.help',
  'cli.env.hint.sh',
  'cli.exec.not-started.windows',
]);

/** The commands that a sentence names, with the text after each. */
function commandsIn(sentence: string): readonly { readonly name: string; readonly rest: string }[] {
  return [...sentence.matchAll(/\btokentray ([a-z][a-z-]*)(.*?)(?=\btokentray |$)/gu)].map(
    ([, name = '', rest = '']) => ({ name, rest }),
  );
}

/** Text of the catalogue that a command does not follow: “a tokentray command that …”. */
const PROSE = new Set(['command', 'stays']);

function wrongCommands(code: string, sentence: string): readonly string[] {
  return commandsIn(sentence).flatMap(({ name, rest }) => {
    if (PROSE.has(name)) return [];
    if (!COMMANDS.has(name)) return [`${code}: there is no command ${name}`];
    const isNamed = /^(?: FILE)?(?:\{forProfile\}| --profile \S)/u.test(rest);
    const isUnnamed = takesProfile(name) && name !== 'token-files' && !isNamed;
    return isUnnamed && !WITHOUT_PROFILE.has(code) ? [`${code}: ${name} without a profile`] : [];
  });
}

/** What a problem's next step is on a surface, with its placeholders as they stand. */
const nextOf = (code: ProblemCode, surface: Surface): string =>
  sayProblem({ code, params: {} }, surface).next;

/** Places that only the tray has. */
const IN_THE_TRAY = /\bmenu\b|\bbutton\b|\bicon\b|\bcheck ?mark\b|\bSettings\b|“Sign in…”/u;

describe('every next step', () => {
  test('exists in a terminal and on the pages of tokentray serve', () => {
    expect(problems.length).toBeGreaterThan(100);
    for (const surface of ['terminal', 'web'] as const) {
      const wrong = problems.filter(
        (code) => IN_THE_TRAY.test(nextOf(code, surface)) && !code.startsWith('window.'),
      );
      expect(wrong, surface).toEqual([]);
    }
  });

  test('never names the menu’s entry for what the page or the box itself offers', () => {
    for (const surface of ['tray', 'form'] as const)
      expect(problems.filter((code) => nextOf(code, surface).includes('“Sign in…”'))).toEqual([]);
  });

  test('in the form, imports nothing', () => {
    const wrong = problems
      .filter(
        (code) =>
          !/^(?:import|storage|redirect-not-loopback|settings|request|not-configured|no-secret|sign-in)/u.test(
            code,
          ),
      )
      .filter((code) => /\bimport\b/u.test(nextOf(code, 'form')));
    expect(wrong).toEqual([]);
  });

  test('has its variants where the surfaces differ, and only for surfaces that exist', () => {
    const variants = codes.flatMap((code) => /^problem\..+\.next\.([a-z]+)$/u.exec(code)?.[1] ?? []);
    expect(variants.length).toBeGreaterThan(0);
    expect([...new Set(variants)].toSorted()).toEqual(['form', 'terminal', 'tray']);
  });
});

describe('a request that failed for now', () => {
  const passing = { code: 'throttled', params: {} } as const;

  test.each([
    [undefined, 'terminal', 'Tokentray tries again automatically.'],
    [undefined, 'tray', 'Tokentray tries again automatically.'],
    ['sign-in', 'terminal', 'Sign in again in a minute: tokentray sign-in --profile work'],
    ['sign-in', 'web', 'Sign in again in a minute.'],
    ['sign-in', 'tray', 'Sign in again in a minute.'],
    ['check-up', 'terminal', 'Test again in a minute: tokentray doctor --profile work'],
    [undefined, 'form', 'Test again in a minute.'],
  ] as const)('during %s, on %s, is repeated so: %s', (during, surface, next) => {
    const problem = during === undefined ? passing : { ...passing, during };
    expect(sayProblem(problem, surface, 'work').next).toBe(next);
  });

  test('is the only one that speaks of trying again automatically, and no other sentence presumes a refresh', () => {
    // The store is tried again automatically whatever was asked.
    const ofRequests = problems.filter((code) => !(`problem.${code}` in storageProblems));
    const presuming = ofRequests.filter((code) => {
      const { sentence, next } = sayProblem({ code, params: {}, during: 'sign-in' }, 'terminal');
      return /\bthe refresh\b|tries again automatically|keeps the (?:current )?session/u.test(
        `${sentence} ${next}`,
      );
    });
    expect(presuming).toEqual([]);
  });
});

describe('a command in a sentence', () => {
  test('exists, and names the profile it is about', () => {
    const wrong = codes
      .filter((code) => !(code in commandHelp) && !code.startsWith('service.'))
      .flatMap((code) => wrongCommands(code, sentences[code] ?? ''));
    expect(wrong).toEqual([]);
  });

  test('is missed when it is wrong', () => {
    expect(wrongCommands('x', 'Run tokentray sing-in.')).toHaveLength(1);
    expect(wrongCommands('x', 'Run tokentray sign-in.')).toHaveLength(1);
    expect(wrongCommands('x', 'Run tokentray import FILE --ca-file FILE.')).toHaveLength(1);
    expect(wrongCommands('x', 'Run tokentray import FILE{forProfile} --ca-file FILE.')).toEqual([]);
    expect(wrongCommands('x', 'Run tokentray storage auto, or tokentray sign-in{forProfile}.')).toEqual([]);
  });

  test('is plain for the default profile, and has the option for another', () => {
    const problem = { code: 'signed-out', params: {} } as const;
    expect(sayProblem(problem, 'terminal').next).toBe('Sign in: tokentray sign-in');
    expect(sayProblem(problem, 'terminal', 'work').next).toBe('Sign in: tokentray sign-in --profile work');
    expect(sayProblem(problem, 'tray', 'work').next).toBe('Sign in.');
    expect(forProfile(undefined)).toBe('');
  });

  test('every exception is one still', () => {
    const named = (code: string): boolean =>
      commandsIn(sentences[code] ?? '').some(({ name }) => COMMANDS.has(name));
    expect([...WITHOUT_PROFILE].filter((code) => !named(code as WordCode))).toEqual([]);
  });
});
