import { isRecord } from '../rules/checked.ts';
import { checkSchedule, scheduleFieldsAt } from '../profile/cron.ts';
import { sayIssue, settingsIssue, showFound, type PlainRule, type SettingsIssue } from '../rules/issue.ts';
import type { Profile, Settings } from '../profile/profile.ts';
import type { Adoption } from './registrations.ts';
import { checkSettings } from './schema.ts';
import { mergeImported, type GivenSettings } from './settings-import.ts';
import { say } from '../../words/say.ts';

/** What tells an export from any other JSON, the settings file itself among them. */
const KIND = 'tokentray-settings';

/** A thousand profiles are some 400 kB; a larger file was chosen by mistake. */
export const EXPORT_MAX_BYTES = 1_000_000;

/** Far more than anybody signs in to; each is looked at several times. Also of the token files. */
const MOST_ENTRIES = 1000;

/** A dialog shows as many; of the rest only how much there is. */
const SHOWN_SENTENCES = 20;

/** What the file is called in issues about all of it. */
const WHOLE_FILE = say('unnamed.file');

/** What a file would do here, for a person to see before it is done; or everything that is wrong with it. */
export type ExportedRead =
  | {
      readonly kind: 'ok';
      /** For `Registrations.adopt`, once `toConfirm` was confirmed. */
      readonly adoption: Adoption;
      /** What becomes different, a sentence each, the first twenty; empty: nothing does. */
      readonly changes: readonly string[];
      /** What runs programs, writes files, or opens a way to tokens: asked natively, all or nothing. */
      readonly toConfirm: readonly string[];
      /** What one should know: what stays, and what was left out. */
      readonly said: readonly string[];
    }
  | { readonly kind: 'refused'; readonly sentences: readonly string[] };

/**
 * The settings as a file for another machine or another day: everything but the secrets, which settings never
 * hold. JSON, with line breaks for people to read.
 */
export function exportSettings(settings: Settings): string {
  return `${JSON.stringify({ kind: KIND, ...settings }, undefined, 2)}\n`;
}

/**
 * Reads what {@link exportSettings} wrote, and works out what is set with it: its profiles beside those that are
 * here (one with the same id must be the same registration), its single settings where it names them. Where
 * secrets are kept stays as it is: they would not follow. Nothing is changed yet. Loads node-schedule: import
 * this module when it is needed.
 * @param current what is set now
 */
export function readExported(text: string, current: Settings): ExportedRead {
  const read = readGiven(text);
  if (read.kind === 'invalid') return refused(read.issues);
  const merged = mergeImported(read.given, current);
  if (merged.kind === 'invalid') return refused(merged.issues);
  // What each side alone obeys, both together may break: a token file's scopes and its profile's protocol.
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
  // NUL: a binary file, or UTF-16. U+FFFD: it was decoded as UTF-8 but is something else.
  if (/[\0\uFFFD]/u.test(text)) return ofFile('settings.rule.env.binary');
  const value = parsed(text);
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

/** As many as are shown: a schedule that never comes takes the longest to be looked at. */
function scheduleIssues(profiles: readonly Profile[]): readonly SettingsIssue[] {
  const issues: SettingsIssue[] = [];
  for (const [index, { schedule }] of profiles.entries()) {
    if (issues.length >= SHOWN_SENTENCES) break;
    if (schedule !== undefined)
      issues.push(...checkSchedule(schedule, scheduleFieldsAt(`profiles.${index}.schedule`)));
  }
  return issues;
}

/** undefined for what is no JSON; a byte order mark is what Windows' Notepad writes. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
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
