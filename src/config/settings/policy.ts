import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import * as v from 'valibot';
import type { PolicyWriter } from '../../system/places.ts';
import { checkWith, objectRule, rule } from '../rules/checked.ts';
import { fileIssue, isSystemError } from '../rules/file-trouble.ts';
import { settingsIssue, type SettingsIssue } from '../rules/issue.ts';

/** What an administrator has decided for every user of the machine. */
export interface Policy {
  readonly schemaVersion: 1;
  /** At most this many minutes are added to each scheduled refresh, by chance: many machines on one schedule. */
  readonly spreadMinutes: number;
}

export type PolicyRead =
  | { readonly kind: 'ok'; readonly policy: Policy }
  | { readonly kind: 'absent' }
  /** Nothing of it holds; the file is left alone, because it is the administrator's. */
  | { readonly kind: 'invalid'; readonly issues: readonly SettingsIssue[] };

/** Half a day: with more, a refresh would fall on another day than the schedule says. */
const SPREAD_MAX_MINUTES = 720;

/** Write permission of group and others. */
const OTHERS_WRITE = 0o022;

const spread = rule('settings.rule.policy.spread');
const schema = v.object(
  {
    schemaVersion: v.literal(1, rule('settings.rule.version')),
    spreadMinutes: v.nullish(
      v.pipe(
        v.number(spread),
        v.integer(spread),
        v.minValue(0, spread),
        v.maxValue(SPREAD_MAX_MINUTES, spread),
      ),
      0,
    ),
  },
  objectRule({ schemaVersion: 'settings.rule.version' }),
);

/** Who else than root can have written a file; undefined when nobody can. */
function writerBesideRoot({ uid, mode }: Stats): string | undefined {
  const isOpen = (mode & OTHERS_WRITE) !== 0;
  return uid === 0 && !isOpen ? undefined : `uid ${uid}, mode ${(mode & 0o777).toString(8)}`;
}

function readJson(text: string, file: string): PolicyRead {
  try {
    const checked = checkWith(schema, JSON.parse(text));
    return checked.kind === 'ok' ? { kind: 'ok', policy: checked.value } : checked;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: 'invalid', issues: [settingsIssue(file, undefined, 'settings.rule.json')] };
  }
}

/** Reads the machine's policy. Owner and content are those of one open file, which nobody can swap between. */
export function readPolicy(file: string, writer: PolicyWriter): PolicyRead {
  try {
    const opened = openSync(file, 'r');
    try {
      const found = writer === 'root' ? writerBesideRoot(fstatSync(opened)) : undefined;
      if (found !== undefined)
        return { kind: 'invalid', issues: [settingsIssue(file, found, 'settings.rule.policy.writer')] };
      return readJson(readFileSync(opened, 'utf8'), file);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return { kind: 'absent' };
    return { kind: 'invalid', issues: [fileIssue(file, error.code)] };
  }
}
