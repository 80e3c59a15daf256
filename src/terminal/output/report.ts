import type { Problem } from '../../words/problem.ts';
import { exitCodeOf, JSON_SCHEMA_VERSION, problemBody, type ExitCode } from '../../outlets/answer/answer.ts';
import type { SocketAnswer } from '../../outlets/socket/client.ts';
import { sayProblem } from '../../words/say.ts';
import type { Terminal } from './terminal.ts';

/** Reports a problem, and returns its exit code. */
export function reportProblem(terminal: Terminal, problem: Problem): ExitCode {
  if (terminal.format === 'json') printJson(terminal, { error: problemBody(problem) });
  return tellProblem(terminal, problem);
}

/** Says a problem and its next step on standard error only, and returns its exit code. */
export function tellProblem(terminal: Terminal, problem: Problem): ExitCode {
  const { sentence, next } = sayProblem(problem, 'terminal');
  terminal.err(sentence);
  terminal.err(next);
  return exitCodeOf(problem);
}

/** Reports a refusal of the running host, which contains its sentences, and returns its exit code. */
export function reportRefusal(terminal: Terminal, { body }: Pick<SocketAnswer, 'body'>): ExitCode {
  if (terminal.format === 'json') terminal.out(JSON.stringify(body));
  tellProblemBody(terminal, body.error);
  return exitCodeOfBody(body.error);
}

/** Reports success: the object in JSON, the sentences otherwise. */
export function reportDone(terminal: Terminal, body: object, ...sentences: readonly string[]): 0 {
  if (terminal.format === 'json') printJson(terminal, body);
  else for (const sentence of sentences) terminal.err(sentence);
  return 0;
}

/** Prints one JSON object of ours. */
export function printJson(terminal: Terminal, body: object): void {
  terminal.out(JSON.stringify({ schemaVersion: JSON_SCHEMA_VERSION, ...body }));
}

/** Says a problem that came as JSON: an error, or the warning next to a token. */
export function tellProblemBody(terminal: Terminal, value: unknown): void {
  for (const field of ['message', 'next']) {
    const sentence = textField(value, field);
    if (sentence !== undefined) terminal.err(sentence);
  }
}

/** A text field of a JSON object from outside. */
export function textField(value: unknown, name: string): string | undefined {
  const field = asRecord(value)[name];
  return typeof field === 'string' ? field : undefined;
}

/** A JSON object from outside; empty if the value is something else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

const KINDS: ReadonlySet<string> = new Set<Problem['kind']>([
  'transient',
  'interaction',
  'admin',
  'storage',
  'usage',
]);

/** The exit code of a problem that came as JSON. */
export function exitCodeOfBody(error: unknown): ExitCode {
  const kind = textField(error, 'kind') ?? '';
  return exitCodeOf({
    // A host of another version may know other kinds. Telling the user to try again later is never wrong.
    kind: KINDS.has(kind) ? (kind as Problem['kind']) : 'transient',
    // Only compared with the codes that have an exit code of their own.
    code: (textField(error, 'code') ?? 'unknown') as Problem['code'],
  });
}
