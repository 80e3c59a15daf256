import { parse } from 'dotenv';
import { refuse, type Refused } from '../rules/issue.ts';

/** One line `NAME=value` of a `.env` file, as dotenv reads it; a name may occur several times. */
export interface EnvAssignment {
  readonly name: string;
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
  /** The notation of a value that dotenv reads differently than other programs. */
  readonly trouble: 'quotes' | 'hash' | undefined;
}

export type EnvText = { readonly kind: 'ok'; readonly assignments: readonly EnvAssignment[] } | Refused;

/** In bytes, far more than any `.env`; a larger file was chosen by mistake. */
export const ENV_MAX_BYTES = 1_000_000;

/** The field of issues about the whole file. */
const WHOLE_FILE = '.env';

/** The start of a line as dotenv reads it: a name, then `=` or `: `. */
const ASSIGNMENT = /^([^\S\n]*(?:export[^\S\n]+)?)([\w.-]+)(?=[^\S\n]*=|:\s)/u;
const MARK = /\.__line(\d+)__/gu;

/**
 * dotenv cuts `a#b` without quotation marks at the `#`, while Python's reader, which the old application used, keeps it.
 * A value that the two read differently is reported, not guessed.
 */
function troubleOf(written: string, value: string): EnvAssignment['trouble'] {
  // A value over several lines includes other names, up to the next quotation mark.
  if (/^["'`]|\n/u.test(value)) return 'quotes';
  return !/^["'`]/u.test(written) && /^[^#]*[^\s#]#/u.test(written) ? 'hash' : undefined;
}

/**
 * Reads the text of a `.env` file with the dotenv package. Byte order mark, CRLF, `export `, quotes, comments and spaces
 * around `=` are supported. dotenv keeps only the last of several lines with the same name and gives no line numbers;
 * therefore each name is first marked with its line, and dotenv decides what is a line and what is part of a quoted
 * value.
 */
export function parseDotEnv(text: string): EnvText {
  if (Buffer.byteLength(text) > ENV_MAX_BYTES)
    return refuse(WHOLE_FILE, undefined, 'settings.rule.env.too-large');
  if (isBinary(text)) return refuse(WHOLE_FILE, undefined, 'settings.rule.env.binary');

  // A byte order mark counts as a space at the start of a line in both expressions.
  const lines = text.replaceAll(/\r\n?/gu, '\n').split('\n');
  const marked = lines.map((line, index) =>
    line.replace(ASSIGNMENT, (_, before: string, name: string) => `${before}${name}.__line${index + 1}__`),
  );
  const assignments = Object.entries(parse(marked.join('\n'))).flatMap(([key, read]): EnvAssignment[] => {
    const line = Number([...key.matchAll(MARK)].at(-1)?.[1]);
    if (Number.isNaN(line)) return [];
    const value = read.replaceAll(MARK, '').trim();
    const written = (lines[line - 1] ?? '').replace(ASSIGNMENT, '').replace(/^\s*[=:]\s*/u, '');
    return [{ name: key.replaceAll(MARK, ''), value, line, trouble: troubleOf(written, value) }];
  });
  return { kind: 'ok', assignments };
}

/** NUL: a binary file, or UTF-16. U+FFFD: decoded as UTF-8, but in another encoding. */
export function isBinary(text: string): boolean {
  return /[\0\uFFFD]/u.test(text);
}
