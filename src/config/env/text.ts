import { parse } from 'dotenv';
import { settingsIssue, type SettingsIssue } from '../rules/issue.ts';

/** One line `NAME=value` of a `.env` file, by the dotenv package; a name may be there several times. */
export interface EnvAssignment {
  readonly name: string;
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
  /** How the value was written, when dotenv reads it differently than other programs do. */
  readonly trouble: 'quotes' | 'hash' | undefined;
}

export type EnvText =
  | { readonly kind: 'ok'; readonly assignments: readonly EnvAssignment[] }
  | { readonly kind: 'refused'; readonly issue: SettingsIssue };

/** Far above any `.env`; a larger file was chosen by mistake. Bytes. */
export const ENV_MAX_BYTES = 1_000_000;

/** What the file is called in issues about all of it. */
const WHOLE_FILE = '.env';

/** The start of a line as dotenv knows it: a name, then `=` or `: `. */
const ASSIGNMENT = /^([^\S\n]*(?:export[^\S\n]+)?)([\w.-]+)(?=[^\S\n]*=|:\s)/u;
const MARK = /\.__line(\d+)__/gu;

/**
 * `a#b` without quotation marks: dotenv cuts it at the `#`, while Python's reader, which the old
 * application used, keeps it. A value that differs between the two is asked about, not guessed.
 */
function troubleOf(written: string, value: string): EnvAssignment['trouble'] {
  // A value over several lines has swallowed other names up to the next quotation mark.
  if (/^["'`]|\n/u.test(value)) return 'quotes';
  return !/^["'`]/u.test(written) && /^[^#]*[^\s#]#/u.test(written) ? 'hash' : undefined;
}

/**
 * Reads the text of a `.env` file with the dotenv package. Byte order mark, CRLF, `export `, quotes,
 * comments and spaces around `=` are understood. dotenv keeps the last of several lines with the same
 * name and tells no line numbers; so each name is first marked with its line, and dotenv itself
 * decides what is a line of its own and what stands inside a quoted value.
 */
export function parseDotEnv(text: string): EnvText {
  if (Buffer.byteLength(text) > ENV_MAX_BYTES)
    return { kind: 'refused', issue: settingsIssue(WHOLE_FILE, undefined, 'settings.rule.env.too-large') };
  // NUL: a binary file, or UTF-16. U+FFFD: it was decoded as UTF-8 but is something else.
  if (/[\0\uFFFD]/u.test(text))
    return { kind: 'refused', issue: settingsIssue(WHOLE_FILE, undefined, 'settings.rule.env.binary') };

  // A byte order mark needs no care: to both expressions it is space at the start of a line.
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
