import { catalogue, type WordCode } from './catalogue.ts';

type Placeholders<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The names of a sentence's placeholders. */
export type WordParams<Code extends WordCode> = {
  readonly [Name in Placeholders<(typeof catalogue)[Code]>]: string | number;
};

/**
 * Where a problem is shown; its next step must exist there. `terminal`: what a command or a program of the user prints;
 * `web`: the pages of `tokentray serve`; `tray`: the tray's dialogs, notifications and windows; `form`: a profile's form
 * in Settings, with its connection test.
 */
export type Surface = 'terminal' | 'web' | 'tray' | 'form';

/** A problem's code: the catalogue's entries that have a next step. */
export type ProblemCode = {
  [Code in WordCode]: Code extends `problem.${infer Name}`
    ? Code extends `${string}.next` | `${string}.next.${Surface}`
      ? never
      : Name
    : never;
}[WordCode];

type NextCode<Code extends ProblemCode> = Extract<
  WordCode,
  `problem.${Code}.next` | `problem.${Code}.next.${Surface}`
>;

/** The names in a problem's sentences, without those that {@link sayProblem} fills in. */
export type ProblemParams<Code extends ProblemCode> = Omit<
  WordParams<`problem.${Code}` | NextCode<Code>>,
  'forProfile' | 'again'
>;

type Arguments<Params> = keyof Params extends never ? [] : [params: Params];

function fill(sentence: string, params: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{([a-zA-Z]+)\}/gu, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : String(value);
  });
}

/** The sentence of a code, filled in. */
export function say<Code extends WordCode>(code: Code, ...args: Arguments<WordParams<Code>>): string {
  return fill(catalogue[code], args[0] ?? {});
}

/** A problem in words: what happened, and the next step. */
export interface ProblemWords {
  readonly sentence: string;
  readonly next: string;
}

/** The part of a problem that is put into words, also as an agent's answer carries it. */
interface Sayable {
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly during?: 'sign-in' | 'check-up';
}

/** What happened, without a next step. */
export function sayReason({ code, params }: Sayable): string {
  return fill(catalogue[`problem.${code}`], params);
}

/**
 * What happened, and the next step that exists on a surface.
 * @param profile the profile that commands in the next step must name; undefined for the default one
 */
export function sayProblem(problem: Sayable, surface: Surface, profile?: string): ProblemWords {
  const { code, params } = problem;
  const again = sayAgain(problem, surface);
  const next = fill(nextStep(code, surface), { ...params, again });
  return { sentence: sayReason(problem), next: fill(next, { forProfile: forProfile(profile) }) };
}

/** How a request that failed for now is repeated: only a refresh repeats itself. */
const AGAIN = {
  refresh: { terminal: 'again.refresh', elsewhere: 'again.refresh' },
  'sign-in': { terminal: 'again.sign-in.terminal', elsewhere: 'again.sign-in' },
  'check-up': { terminal: 'again.check-up.terminal', elsewhere: 'again.check-up' },
} as const;

function sayAgain({ during }: Sayable, surface: Surface): string {
  // The only requests of the form are those of its connection test.
  const { terminal, elsewhere } = AGAIN[surface === 'form' ? 'check-up' : (during ?? 'refresh')];
  return catalogue[surface === 'terminal' ? terminal : elsewhere];
}

/** The option that a command in a sentence needs for a profile; empty for the default one, which is undefined. */
export function forProfile(id: string | undefined): string {
  return id === undefined ? '' : ` --profile ${id}`;
}

/** The variant for a surface, where there is one. */
function nextStep(code: ProblemCode, surface: Surface): string {
  const sentences: Readonly<Record<string, string>> = catalogue;
  const next = `problem.${code}.next`;
  // The form is a window of the tray.
  const variant = surface === 'form' ? sentences[`${next}.tray`] : undefined;
  return sentences[`${next}.${surface}`] ?? variant ?? catalogue[`problem.${code}.next`];
}
