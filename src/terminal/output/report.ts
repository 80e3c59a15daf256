import type { Problem } from '../../words/problem.ts';
import { exitCodeOf, JSON_SCHEMA_VERSION, problemBody, type ExitCode } from '../../outlets/answer/answer.ts';
import type { SocketAnswer } from '../../outlets/socket/client.ts';
import { sayProblem } from '../../words/say.ts';
import type { Format } from '../command-line/command.ts';
import type { Terminal } from './terminal.ts';

/** Tells a problem in its two sentences, and as JSON where that was asked for; gives its exit code. */
export function reportProblem(terminal: Terminal, problem: Problem, format: Format = 'words'): ExitCode {
  if (format === 'json') printJson(terminal, { error: problemBody(problem) });
  const { sentence, next } = sayProblem(problem);
  terminal.err(sentence);
  terminal.err(next);
  return exitCodeOf(problem);
}

/** Tells the owner's refusal, which holds its sentences already, and gives its exit code. */
export function reportRefusal(
  terminal: Terminal,
  { body }: SocketAnswer,
  format: Format = 'words',
): ExitCode {
  const { error } = body;
  if (format === 'json') terminal.out(JSON.stringify(body));
  tellProblemBody(terminal, error);
  return exitCodeOfBody(error);
}

/** One JSON object of ours on stdout. */
export function printJson(terminal: Terminal, body: object): void {
  terminal.out(JSON.stringify({ schemaVersion: JSON_SCHEMA_VERSION, ...body }));
}

/** Tells a problem that came as JSON: an error, or the warning beside a token. */
export function tellProblemBody(terminal: Terminal, value: unknown): void {
  for (const field of ['message', 'next']) {
    const sentence = textField(value, field);
    if (sentence !== undefined) terminal.err(sentence);
  }
}

/** A field of a JSON object that came from outside, if it is a text. */
export function textField(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'string' ? field : undefined;
}

/** A JSON object that came from outside; empty where it is something else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The exit code of a problem that came as JSON. */
export function exitCodeOfBody(error: unknown): ExitCode {
  return exitCodeOf({ kind: kindOf(error), code: codeOf(error) });
}

const KINDS: ReadonlySet<string> = new Set<Problem['kind']>([
  'transient',
  'interaction',
  'admin',
  'storage',
  'usage',
]);

/** An owner of another version may know a kind that this one does not: asking again later is never wrong. */
function kindOf(error: unknown): Problem['kind'] {
  const kind = textField(error, 'kind') ?? '';
  return KINDS.has(kind) ? (kind as Problem['kind']) : 'transient';
}

/** Only compared with the two codes that have an exit code of their own. */
function codeOf(error: unknown): Problem['code'] {
  return (textField(error, 'code') ?? 'unknown') as Problem['code'];
}
