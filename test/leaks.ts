import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** A place where one of the secrets was found. It names the secret by its kind, never by its value. */
export interface Leak {
  readonly where: string;
  readonly what: string;
}

/** Shorter pieces occur by chance; a token's every 24-character run does not. */
const LEAST_LENGTH = 12;

/** A file larger than this was not written by us. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

function* filesBelow(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else if (entry.isFile() && statSync(file).size <= MAX_FILE_BYTES) yield file;
  }
}

/** Also as it would stand in a URL or in Base64: a leak need not be in plain letters. */
function shapes(secret: string): string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/u, '')];
}

/** Looks for every secret in the files below directories and in texts (what a process printed, its arguments). */
export function findLeaks(search: {
  readonly directories: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, readonly string[]>>;
}): Leak[] {
  const wanted = Object.entries(search.secrets).flatMap(([what, values]) =>
    values
      .filter((value) => value.length >= LEAST_LENGTH)
      .flatMap((value) => shapes(value).map((shape) => ({ what, shape }))),
  );
  const leaks: Leak[] = [];
  const look = (where: string, text: string): void => {
    for (const what of new Set(wanted.filter(({ shape }) => text.includes(shape)).map((one) => one.what))) {
      leaks.push({ where, what });
    }
  };
  for (const [where, text] of Object.entries(search.texts)) look(where, text);
  for (const directory of search.directories) {
    for (const file of filesBelow(directory)) look(file, readFileSync(file, 'latin1'));
  }
  return leaks;
}

/** Command lines and environments of a process and its children, as others of this user could read them. */
export function processTexts(pid: number): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const entry of [pid, ...childrenOf(pid)]) {
    for (const name of ['cmdline', 'environ'] as const) {
      texts[`/proc/${entry}/${name}`] = readFileSync(`/proc/${entry}/${name}`, 'latin1');
    }
  }
  return texts;
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}
