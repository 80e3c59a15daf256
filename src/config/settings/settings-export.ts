import { parseJson } from '../../system/json.ts';
import { isBinary } from '../env/text.ts';
import { isRecord } from '../rules/checked.ts';
import { checkSchedule, scheduleFieldsAt } from '../profile/cron.ts';
import { sayIssue, settingsIssue, showFound, type PlainRule, type SettingsIssue } from '../rules/issue.ts';
import type { Profile, Settings } from '../profile/profile.ts';
import type { Adoption } from './registrations.ts';
import { checkSettings } from './schema.ts';
import { mergeImported, type GivenSettings } from './settings-import.ts';
import { say } from '../../words/say.ts';

/** Distinguishes an export from other JSON, including the settings file itself. */
const KIND = 'tokentray-settings';

/** A thousand profiles are about 400 kB; a larger file was chosen by mistake. */
export const EXPORT_MAX_BYTES = 1_000_000;

/** The maximum number of profiles, and of token files; far more than needed, and each is checked several times. */
const MOST_ENTRIES = 1000;

/** A dialog shows this many, and only the number of the rest. */
const SHOWN_SENTENCES = 20;

/** The field of issues about the whole file. */
const WHOLE_FILE = say('unnamed.file');

/** What importing a file would change, for the user to review, or everything that is wrong with the file. */
export type ExportedRead =
  | {
      readonly kind: 'ok';
      /** For `Registrations.adopt`, after `toConfirm` has been confirmed. */
      readonly adoption: Adoption;
      /** The first twenty changes, one sentence each; empty if nothing changes. */
      readonly changes: readonly string[];
      /** What would run programs, write files, or give access to tokens: confirmed in a native dialog, all or nothing. */
      readonly toConfirm: readonly string[];
      /** Notes for the user: what stays, and what was left out. */
      readonly said: readonly string[];
    }
  | { readonly kind: 'refused'; readonly sentences: readonly string[] };

/** The settings as readable JSON, for another machine or as a backup. Settings never contain secrets. */
export function exportSettings(settings: Settings): string {
  return `${JSON.stringify({ kind: KIND, ...settings }, undefined, 2)}\n`;
}

/**
 * Reads what {@link exportSettings} wrote, and computes the settings after importing it: its profiles are added to the
 * existing ones (a profile with the same ID must be the same registration), and its single settings are used if it
 * contains them. The storage of secrets does not change, because the secrets would not move with it. Nothing is stored
 * yet. Loads node-schedule, so import this module only when needed.
 * @param current the current settings
 */
export function readExported(text: string, current: Settings): ExportedRead {
  const read = readGiven(text);
  if (read.kind === 'invalid') return refused(read.issues);
  const merged = mergeImported(read.given, current);
  if (merged.kind === 'invalid') return refused(merged.issues);
  // Both together may break rules that each follows: a token file's scopes and its profile's protocol.
  const checked = checkSettings(merged.settings);
  if (checked.kind === 'invalid') return refused(checked.issues);
  const { changes, toConfirm, said } = merged;
  return {
    kind: 'ok',
    adoption: { before: current, settings: checked.value },
    changes: shortened(changes),
    toConfirm,
    said: [...said, ...sayUnknown(read.unknown)],
  };
}

type GivenRead =
  | { readonly kind: 'ok'; readonly given: GivenSettings; readonly unknown: readonly string[] }
  | { readonly kind: 'invalid'; readonly issues: readonly SettingsIssue[] };

const ofFile = (rule: PlainRule): GivenRead => ({
  kind: 'invalid',
  issues: [settingsIssue(WHOLE_FILE, undefined, rule)],
});

function readGiven(text: string): GivenRead {
  if (Buffer.byteLength(text) > EXPORT_MAX_BYTES) return ofFile('settings.rule.import.too-large');
  if (isBinary(text)) return ofFile('settings.rule.env.binary');
  const value = parseJson(text);
  if (value === undefined) return ofFile('settings.rule.json');
  if (!isRecord(value) || value['kind'] !== KIND) return ofFile('settings.rule.import.kind');
  const written = Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'kind'));
  const tooMany = tooManyIssues(written);
  if (tooMany.length > 0) return { kind: 'invalid', issues: tooMany };
  const checked = checkSettings(written);
  if (checked.kind === 'invalid') return checked;
  const settings = checked.value;
  const issues = scheduleIssues(settings.profiles);
  if (issues.length > 0) return { kind: 'invalid', issues };
  const names = Object.keys(written);
  const isKnown = (name: string): name is keyof Settings => Object.hasOwn(settings, name);
  return {
    kind: 'ok',
    given: { settings, named: new Set(names.filter(isKnown)) },
    unknown: names.filter((name) => !isKnown(name)),
  };
}

function tooManyIssues(written: Readonly<Record<string, unknown>>): readonly SettingsIssue[] {
  return ['profiles', 'tokenFiles'].flatMap((name) => {
    const list = written[name];
    if (!Array.isArray(list) || list.length <= MOST_ENTRIES) return [];
    const params = { count: list.length, most: MOST_ENTRIES };
    return [settingsIssue(name, undefined, 'settings.rule.import.too-many-entries', params)];
  });
}

/** At most as many as are shown, because checking a schedule that never occurs takes the longest. */
function scheduleIssues(profiles: readonly Profile[]): readonly SettingsIssue[] {
  const issues: SettingsIssue[] = [];
  for (const [index, { schedule }] of profiles.entries()) {
    if (issues.length >= SHOWN_SENTENCES) break;
    if (schedule !== undefined)
      issues.push(...checkSchedule(schedule, scheduleFieldsAt(`profiles.${index}.schedule`)));
  }
  return issues;
}

function refused(issues: readonly SettingsIssue[]): ExportedRead {
  return { kind: 'refused', sentences: shortened(issues.map(sayIssue)) };
}

function shortened(sentences: readonly string[]): readonly string[] {
  const rest = sentences.length - SHOWN_SENTENCES;
  if (rest <= 0) return sentences;
  return [...sentences.slice(0, SHOWN_SENTENCES), say('settings.transfer.more', { count: rest })];
}

function sayUnknown(names: readonly string[]): readonly string[] {
  const shown = showFound(names.join(', '));
  return shown === undefined ? [] : [say('settings.transfer.ignored', { names: shown })];
}
