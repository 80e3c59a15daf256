import { isDeepStrictEqual } from 'node:util';
import { say } from '../../words/say.ts';
import { registrationName } from '../credential/credential.ts';
import { samePathKey } from '../rules/full-path.ts';
import { printable, settingsIssue, showFound, type SettingsIssue } from '../rules/issue.ts';
import { HOOK_EVENTS, type Hooks, type Profile, type Settings, type TokenFile } from '../profile/profile.ts';

/** The settings of a file, and the names that it contains; the others have their default values. */
export interface GivenSettings {
  readonly settings: Settings;
  readonly named: ReadonlySet<keyof Settings>;
}

export type Merged =
  | {
      readonly kind: 'ok';
      readonly settings: Settings;
      readonly changes: readonly string[];
      readonly toConfirm: readonly string[];
      readonly said: readonly string[];
    }
  | { readonly kind: 'invalid'; readonly issues: readonly SettingsIssue[] };

/** More do not fit into a dialog, and what is not visible cannot be confirmed. */
const CONFIRMED_MAX_LINES = 20;

/** For one path or command, about ten lines of a dialog. */
const CONFIRMED_MAX_CHARACTERS = 1000;

/** For all of them together: with the blank lines in between, as much as a small screen shows. */
const CONFIRMED_MAX_TOTAL_CHARACTERS = 2500;

/** The settings with a single value that need no confirmation. */
const SINGLE = ['logLevel', 'network', 'shellCache', 'clipboardClearSeconds'] as const;

/**
 * The settings after importing a file; nothing existing is removed. Everything that the file would run, write or open,
 * and that is not set already, becomes a line to confirm, shown in full.
 */
export function mergeImported({ settings: file, named }: GivenSettings, current: Settings): Merged {
  const confirmed = [
    ...hookLines(file.hooks, current.hooks),
    ...tokenFileLines(file.tokenFiles, current.tokenFiles),
    ...(file.extraCaFile === undefined || file.extraCaFile === current.extraCaFile
      ? []
      : [lineOf('extraCaFile', file.extraCaFile, (path) => say('settings.transfer.extra-ca', { path }))]),
    ...(file.loopback && !current.loopback
      ? [{ ...lineOf('loopback', '', () => say('settings.transfer.loopback')), change: undefined }]
      : []),
  ];
  const issues = [...takenIssues(file.profiles, current.profiles), ...linesIssues(confirmed)];
  if (issues.length > 0) return { kind: 'invalid', issues };
  const singles = SINGLE.filter((name) => named.has(name) && file[name] !== current[name]);
  const settings: Settings = {
    ...current,
    ...Object.fromEntries(singles.map((name) => [name, file[name]])),
    profiles: merged(file.profiles, current.profiles, ({ id }) => id),
    defaultProfile: file.defaultProfile ?? current.defaultProfile,
    tokenFiles: merged(file.tokenFiles, current.tokenFiles, ({ path }) => samePathKey(path)),
    extraCaFile: file.extraCaFile ?? current.extraCaFile,
    loopback: named.has('loopback') ? file.loopback : current.loopback,
    hooks: { ...current.hooks, ...definedOf(file.hooks) },
  };
  return {
    kind: 'ok',
    settings,
    changes: [...changesOf(settings, current), ...confirmed.flatMap(({ change }) => change ?? [])],
    toConfirm: confirmed.map(({ said }) => said),
    said: saidOf(file, named, settings, current),
  };
}

/** A line to confirm, and the part of the file that it shows. */
interface ConfirmedLine {
  readonly field: string;
  readonly shown: string;
  readonly said: string;
  /** The line for the list of changes, shortened; undefined if that list already contains it. */
  readonly change: string | undefined;
}

/** `shown` is included in full, with unprintable characters made visible. */
function lineOf(field: string, shown: string, sayIt: (shown: string) => string): ConfirmedLine {
  const text = printable(shown);
  return { field, shown: text, said: sayIt(text), change: sayIt(showFound(shown) ?? '') };
}

function hookLines(file: Hooks, current: Hooks): readonly ConfirmedLine[] {
  return HOOK_EVENTS.flatMap((event) => {
    const command = file[event];
    if (command === undefined || isDeepStrictEqual(command, current[event])) return [];
    // With quotation marks, so that the end of each word is visible.
    const words = command.map((word) => JSON.stringify(word)).join(' ');
    return [
      lineOf(`hooks.${event}`, words, (shown) => say('settings.transfer.hook', { event, command: shown })),
    ];
  });
}

function tokenFileLines(file: readonly TokenFile[], current: readonly TokenFile[]): readonly ConfirmedLine[] {
  return file.flatMap((one, index) => {
    if (current.some((known) => isDeepStrictEqual(known, one))) return [];
    const { path, profile } = one;
    return [
      lineOf(`tokenFiles.${index}.path`, path, (shown) =>
        say('settings.transfer.token-file', { profile, path: shown }),
      ),
    ];
  });
}

function linesIssues(lines: readonly ConfirmedLine[]): readonly SettingsIssue[] {
  const tooLong = lines
    .filter(({ shown }) => shown.length > CONFIRMED_MAX_CHARACTERS)
    .map(({ field, shown }) =>
      settingsIssue(field, showFound(shown), 'settings.rule.import.too-long', {
        most: CONFIRMED_MAX_CHARACTERS,
      }),
    );
  const issues = [...tooLong];
  const count = lines.length;
  if (count > CONFIRMED_MAX_LINES) {
    const params = { count, most: CONFIRMED_MAX_LINES };
    issues.push(settingsIssue('tokenFiles', undefined, 'settings.rule.import.too-many', params));
  }
  const characters = lines.reduce((sum, { said }) => sum + said.length, 0);
  if (tooLong.length === 0 && characters > CONFIRMED_MAX_TOTAL_CHARACTERS) {
    const fields = [...new Set(lines.map(({ field }) => field.split('.')[0] ?? ''))].join(', ');
    const params = { characters, most: CONFIRMED_MAX_TOTAL_CHARACTERS };
    issues.push(settingsIssue(fields, undefined, 'settings.rule.import.too-long-together', params));
  }
  return issues;
}

function takenIssues(file: readonly Profile[], current: readonly Profile[]): readonly SettingsIssue[] {
  return file.flatMap((profile) => {
    const known = current.find(({ id }) => id === profile.id);
    if (known === undefined || registrationName(known) === registrationName(profile)) return [];
    const { id, name, clientId, authority } = known;
    return [
      settingsIssue(name === id ? id : `${name} (${id})`, undefined, 'settings.rule.import.profile-taken', {
        clientId,
        authority,
        newClientId: profile.clientId,
        newAuthority: profile.authority,
      }),
    ];
  });
}

/** An entry with an existing key is replaced in its place; the others are added at the end. */
function merged<Entry>(
  file: readonly Entry[],
  current: readonly Entry[],
  keyOf: (entry: Entry) => string,
): readonly Entry[] {
  const given = new Map(file.map((entry) => [keyOf(entry), entry]));
  const known = new Set(current.map(keyOf));
  return [
    ...current.map((entry) => given.get(keyOf(entry)) ?? entry),
    ...file.filter((entry) => !known.has(keyOf(entry))),
  ];
}

function definedOf(hooks: Hooks): Partial<Hooks> {
  return Object.fromEntries(Object.entries(hooks).filter(([, command]) => command !== undefined));
}

function changesOf(settings: Settings, current: Settings): readonly string[] {
  const profiles = settings.profiles.flatMap((profile) => {
    const known = current.profiles.find(({ id }) => id === profile.id);
    if (isDeepStrictEqual(known, profile)) return [];
    const { id, name, authority } = profile;
    const params = { id, name, clientId: showFound(profile.clientId) ?? '', authority };
    return [
      known === undefined
        ? say('settings.transfer.added', params)
        : say('settings.transfer.replaced', params),
    ];
  });
  const { defaultProfile } = settings;
  const isNewDefault = defaultProfile !== undefined && defaultProfile !== current.defaultProfile;
  const singles = [...SINGLE, 'loopback' as const].filter((name) => settings[name] !== current[name]);
  return [
    ...profiles,
    ...(isNewDefault ? [say('settings.transfer.default', { id: defaultProfile })] : []),
    ...singles.map((name) =>
      say('settings.transfer.changed', {
        setting: name,
        value: String(settings[name]),
        before: String(current[name]),
      }),
    ),
  ];
}

function saidOf(
  file: Settings,
  named: ReadonlySet<keyof Settings>,
  settings: Settings,
  current: Settings,
): readonly string[] {
  const isNew = settings.profiles.length > current.profiles.length;
  const kept = current.profiles.filter(({ id }) => !file.profiles.some((given) => given.id === id));
  const names = showFound(kept.map(({ name }) => name).join(', '));
  const isOtherStorage = named.has('storage') && !isDeepStrictEqual(file.storage, current.storage);
  return [
    ...(isNew ? [say('settings.transfer.credentials')] : []),
    ...(names === undefined ? [] : [say('settings.transfer.kept', { names })]),
    ...(isOtherStorage ? [say('settings.transfer.storage')] : []),
  ];
}
