import { isDeepStrictEqual } from 'node:util';
import { say } from '../../words/say.ts';
import { registrationName } from '../credential/credential.ts';
import { samePathKey } from '../rules/full-path.ts';
import { printable, settingsIssue, showFound, type SettingsIssue } from '../rules/issue.ts';
import { HOOK_EVENTS, type Hooks, type Profile, type Settings, type TokenFile } from '../profile/profile.ts';

/** The settings of a file, and which of them it names; the others hold what a file without them means. */
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

/** More than these do not fit a dialog, and nobody confirms what he does not see. */
const CONFIRMED_MAX_LINES = 20;

/** Of one path or command, for the same reason: some ten lines of a dialog. */
const CONFIRMED_MAX_CHARACTERS = 1000;

/** Of all of them together: with the blank lines between them as much as a small screen shows. */
const CONFIRMED_MAX_TOTAL_CHARACTERS = 2500;

/** The settings that are one value each, and that nobody need confirm. */
const SINGLE = ['logLevel', 'network', 'shellCache', 'clipboardClearSeconds'] as const;

/**
 * What is set when a file's settings are taken over: nothing that is here is removed. Of what the file would run,
 * write or open, each part that is not set so already is a line to confirm, shown whole.
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
    profiles: mergedProfiles(file.profiles, current.profiles),
    defaultProfile: file.defaultProfile ?? current.defaultProfile,
    tokenFiles: mergedTokenFiles(file.tokenFiles, current.tokenFiles),
    extraCaFile: file.extraCaFile ?? current.extraCaFile,
    loopback: named.has('loopback') ? file.loopback : current.loopback,
    hooks: mergedHooks(file.hooks, current.hooks),
  };
  return {
    kind: 'ok',
    settings,
    changes: [...changesOf(settings, current), ...confirmed.flatMap(({ change }) => change ?? [])],
    toConfirm: confirmed.map(({ said }) => said),
    said: saidOf(file, named, settings, current),
  };
}

/** A line to confirm, and what of the file it shows. */
interface ConfirmedLine {
  readonly field: string;
  readonly shown: string;
  readonly said: string;
  /** The same for the list of changes, cut off where it is long; undefined for what that list has already. */
  readonly change: string | undefined;
}

/** `shown` is said whole, with whatever cannot be printed made visible. */
function lineOf(field: string, shown: string, sayIt: (shown: string) => string): ConfirmedLine {
  const text = printable(shown);
  return { field, shown: text, said: sayIt(text), change: sayIt(showFound(shown) ?? '') };
}

function hookLines(file: Hooks, current: Hooks): readonly ConfirmedLine[] {
  return HOOK_EVENTS.flatMap((event) => {
    const command = file[event];
    if (command === undefined || isDeepStrictEqual(command, current[event])) return [];
    // With quotation marks, so that where a word ends is seen.
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
  const tooLong = lines.filter(({ shown }) => shown.length > CONFIRMED_MAX_CHARACTERS);
  const count = lines.length;
  const characters = lines.reduce((sum, { said }) => sum + said.length, 0);
  const isTooMuch = tooLong.length === 0 && characters > CONFIRMED_MAX_TOTAL_CHARACTERS;
  const fields = [...new Set(lines.map(({ field }) => field.split('.')[0] ?? ''))].join(', ');
  return [
    ...tooLong.map(({ field, shown }) =>
      settingsIssue(field, showFound(shown), 'settings.rule.import.too-long', {
        most: CONFIRMED_MAX_CHARACTERS,
      }),
    ),
    ...(count > CONFIRMED_MAX_LINES
      ? [
          settingsIssue('tokenFiles', undefined, 'settings.rule.import.too-many', {
            count,
            most: CONFIRMED_MAX_LINES,
          }),
        ]
      : []),
    ...(isTooMuch
      ? [
          settingsIssue(fields, undefined, 'settings.rule.import.too-long-together', {
            characters,
            most: CONFIRMED_MAX_TOTAL_CHARACTERS,
          }),
        ]
      : []),
  ];
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

function mergedProfiles(file: readonly Profile[], current: readonly Profile[]): readonly Profile[] {
  const given = (id: string): Profile | undefined => file.find((profile) => profile.id === id);
  const added = file.filter(({ id }) => !current.some((known) => known.id === id));
  return [...current.map((known) => given(known.id) ?? known), ...added];
}

/** A path that is here already gets what the file says of it, in its place. */
function mergedTokenFiles(file: readonly TokenFile[], current: readonly TokenFile[]): readonly TokenFile[] {
  const given = new Map(file.map((one) => [samePathKey(one.path), one]));
  const known = new Set(current.map(({ path }) => samePathKey(path)));
  return [
    ...current.map((one) => given.get(samePathKey(one.path)) ?? one),
    ...file.filter(({ path }) => !known.has(samePathKey(path))),
  ];
}

function mergedHooks(file: Hooks, current: Hooks): Hooks {
  return {
    refreshed: file.refreshed ?? current.refreshed,
    'sign-in-needed': file['sign-in-needed'] ?? current['sign-in-needed'],
    'signed-out': file['signed-out'] ?? current['signed-out'],
    failed: file.failed ?? current.failed,
  };
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
