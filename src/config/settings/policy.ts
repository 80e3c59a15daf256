import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import * as v from 'valibot';
import { parseJson } from '../../system/json.ts';
import type { PolicyWriter } from '../../system/places.ts';
import { checkWith, objectRule, rule, wholeNumberSchema } from '../rules/checked.ts';
import { fileIssue, isSystemError } from '../rules/file-trouble.ts';
import { settingsIssue, type SettingsIssue } from '../rules/issue.ts';

/** An administrator's settings for every user of the machine. */
export interface Policy {
  readonly schemaVersion: 1;
  /** A random delay of at most this many minutes for each scheduled refresh, for many machines with one schedule. */
  readonly spreadMinutes: number;
}

export type PolicyRead =
  | { readonly kind: 'ok'; readonly policy: Policy }
  | { readonly kind: 'absent' }
  /** None of it is used; the file is not changed, because it belongs to the administrator. */
  | { readonly kind: 'invalid'; readonly issues: readonly SettingsIssue[] };

/** Half a day; with more, a refresh could happen on another day than scheduled. */
const SPREAD_MAX_MINUTES = 720;

/** Write permission for group and others. */
const OTHERS_WRITE = 0o022;

const schema = v.object(
  {
    schemaVersion: v.literal(1, rule('settings.rule.version')),
    spreadMinutes: v.nullish(wholeNumberSchema('settings.rule.policy.spread', SPREAD_MAX_MINUTES), 0),
  },
  objectRule({ schemaVersion: 'settings.rule.version' }),
);

/** The owner and mode of a file that others than root can write. */
function writerBesideRoot({ uid, mode }: Stats): string | undefined {
  const isOpen = (mode & OTHERS_WRITE) !== 0;
  return uid === 0 && !isOpen ? undefined : `uid ${uid}, mode ${(mode & 0o777).toString(8)}`;
}

function readText(text: string, file: string): PolicyRead {
  const value = parseJson(text);
  if (value === undefined)
    return { kind: 'invalid', issues: [settingsIssue(file, undefined, 'settings.rule.json')] };
  const checked = checkWith(schema, value);
  return checked.kind === 'ok' ? { kind: 'ok', policy: checked.value } : checked;
}

/** Reads the machine's policy. Owner and content are read from one open file, which cannot be swapped in between. */
export function readPolicy(file: string, writer: PolicyWriter): PolicyRead {
  try {
    const opened = openSync(file, 'r');
    try {
      const found = writer === 'root' ? writerBesideRoot(fstatSync(opened)) : undefined;
      if (found !== undefined)
        return { kind: 'invalid', issues: [settingsIssue(file, found, 'settings.rule.policy.writer')] };
      return readText(readFileSync(opened, 'utf8'), file);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return { kind: 'absent' };
    return { kind: 'invalid', issues: [fileIssue(file, error.code)] };
  }
}
