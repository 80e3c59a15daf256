import { catalogue, type WordCode } from './catalogue.ts';

type Placeholders<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The values for a sentence's placeholders. */
export type WordParams<Code extends WordCode> = {
  readonly [Name in Placeholders<(typeof catalogue)[Code]>]: string | number;
};

/** A problem's code: a catalogue entry with a next step. */
export type ProblemCode = {
  [Code in WordCode]: Code extends `problem.${infer Name}`
    ? Code extends `${string}.next`
      ? never
      : Name
    : never;
}[WordCode];

/** The values for the placeholders of a problem's two sentences. */
export type ProblemParams<Code extends ProblemCode> = WordParams<`problem.${Code}`> &
  WordParams<`problem.${Code}.next`>;

type Arguments<Params> = keyof Params extends never ? [] : [params: Params];

function fill(sentence: string, params: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{([a-zA-Z]+)\}/gu, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : String(value);
  });
}

/** The sentence of a code, with its placeholders filled in. */
export function say<Code extends WordCode>(code: Code, ...args: Arguments<WordParams<Code>>): string {
  return fill(catalogue[code], args[0] ?? {});
}

/** A problem in words: what happened, and the next step. */
export interface ProblemWords {
  readonly sentence: string;
  readonly next: string;
}

/** The two sentences of a problem, as an agent's answer carries it. */
export function sayProblem(problem: {
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
}): ProblemWords {
  return {
    sentence: fill(catalogue[`problem.${problem.code}`], problem.params),
    next: fill(catalogue[`problem.${problem.code}.next`], problem.params),
  };
}
