import { chmodSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseJson } from '../../system/json.ts';
import { isRecord } from '../rules/checked.ts';
import { fileIssue, isSystemError } from '../rules/file-trouble.ts';
import { SettingsError, settingsIssue, type SettingsIssue } from '../rules/issue.ts';
import type { Settings } from '../profile/profile.ts';
import { withOwnSignals } from './own-signals.ts';
import { checkSettings } from './schema.ts';
import { merge } from './settings-merge.ts';

/** The settings file as read. An `invalid` file stays in place, so that the user can correct it. */
export type SettingsRead =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'absent' }
  | { readonly kind: 'invalid'; readonly issues: readonly SettingsIssue[] }
  /**
   * Not JSON: set aside as `setAsideAs`, which is undefined if the file system refused to read or rename it; `reason` is
   * then its error code (`EACCES`), and the file stays where it is.
   */
  | { readonly kind: 'unreadable'; readonly setAsideAs: string | undefined; readonly reason: string };

/** The owner's access to the settings. Only the process that owns the session writes them. */
export interface SettingsStore {
  /** The new name of a file that was not JSON when this was opened, for the host to report. */
  readonly setAsideAs: string | undefined;
  get(): SettingsRead;
  /** Throws {@link SettingsError} for settings that {@link save} would refuse. */
  check(settings: Settings): void;
  /**
   * Writes the settings completely or not at all (temporary file and rename, mode 0600); keys unknown to this version
   * stay in the file. Throws {@link SettingsError} for settings that break a rule and for an existing file that is not
   * usable ({@link usableSettings}), which is never overwritten; and the file system's errors.
   */
  save(settings: Settings): void;
}

/** The part of `conf` that we use; electron-store is a subclass. */
export interface SettingsBacking {
  readonly path: string;
  store: Record<string, unknown>;
}

/** The options for conf and electron-store; conf's name for `name` is `configName`. */
export interface BackingOptions {
  readonly cwd: string;
  readonly name: string;
  readonly configFileMode: number;
  readonly deserialize: (text: string) => Record<string, unknown>;
}

/** Private, because the file names accounts and tenants. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

function setAside(file: string, now: number): SettingsRead {
  // Windows does not allow colons in names.
  const setAsideAs = `${file}.corrupt-${new Date(now).toISOString().replaceAll(':', '-')}`;
  try {
    renameSync(file, setAsideAs);
    return { kind: 'unreadable', setAsideAs, reason: 'JSON' };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: 'unreadable', setAsideAs: undefined, reason: error.code };
  }
}

/** The settings file as read without changes: one that is not JSON stays where it is. */
export type SettingsSeen = Exclude<SettingsRead, { readonly kind: 'unreadable' }> | UnusableFile;

/** `reason` is the file system's error code. */
type UnusableFile = { readonly kind: 'not-json' } | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Reads the settings as plain JSON through the schema. On the start path, so without `conf`. The file stays in place
 * whatever it contains: its owner may be another process, or the user may be editing it.
 */
export function seeSettings(file: string): SettingsSeen {
  try {
    const value = parseJson(readFileSync(file, 'utf8'));
    if (value === undefined) return { kind: 'not-json' };
    const checked = checkSettings(value);
    return checked.kind === 'ok' ? { kind: 'ok', settings: checked.value } : checked;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', reason: error.code };
  }
}

/**
 * {@link seeSettings} for the owner: a file that is not JSON is set aside.
 * @param now milliseconds since the epoch, for the name of a file that is set aside
 */
export function readSettings(file: string, now: number = Date.now()): SettingsRead {
  const seen = seeSettings(file);
  switch (seen.kind) {
    case 'not-json':
      return setAside(file, now);
    case 'unreadable':
      return { ...seen, setAsideAs: undefined };
    case 'ok':
    case 'absent':
    case 'invalid':
      return seen;
  }
}

/** The field of issues about the whole file. */
const WHOLE_FILE = 'settings.json';

/**
 * The settings of a file that may be overwritten; undefined if there is none. Throws {@link SettingsError} for other
 * files, so that nothing in them is lost silently: a file that breaks a rule stays for the user to correct, and one that
 * was not JSON has been set aside. Both errors include the next step.
 */
export function usableSettings(read: SettingsRead): Settings | undefined {
  switch (read.kind) {
    case 'ok':
      return read.settings;
    case 'absent':
      return undefined;
    case 'invalid':
      throw new SettingsError([
        settingsIssue(WHOLE_FILE, undefined, 'settings.rule.file.broken'),
        ...read.issues,
      ]);
    case 'unreadable': {
      const { setAsideAs, reason } = read;
      throw new SettingsError([
        setAsideAs === undefined
          ? fileIssue(WHOLE_FILE, reason)
          : settingsIssue(WHOLE_FILE, undefined, 'settings.rule.file.set-aside', { file: setAsideAs }),
      ]);
    }
  }
}

/**
 * A check that throws {@link SettingsError} for settings that break a rule, including those for schedules. A schedule that
 * is stored already may stay: rules can be newer than it, the status reports it, and other changes must remain possible.
 */
async function loadRules(): Promise<(settings: Settings, stored: Settings | undefined) => Settings> {
  const { checkSchedule, scheduleFieldsAt } = await import('../profile/cron.ts');
  return (settings, stored) => {
    const checked = checkSettings(settings);
    if (checked.kind === 'invalid') throw new SettingsError(checked.issues);
    const issues = checked.value.profiles.flatMap(({ id, schedule }, index) => {
      const before = stored?.profiles.find((one) => one.id === id)?.schedule;
      if (schedule === undefined || isDeepStrictEqual(schedule, before)) return [];
      return checkSchedule(schedule, scheduleFieldsAt(`profiles.${index}.schedule`));
    });
    if (issues.length > 0) throw new SettingsError(issues);
    return checked.value;
  };
}

/** Creates the directory or makes it private; a read-only one that is already private is accepted. */
function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  if (process.platform === 'win32' || (statSync(directory).mode & 0o777) === DIRECTORY_MODE) return;
  chmodSync(directory, DIRECTORY_MODE);
}

async function openConf(options: BackingOptions): Promise<SettingsBacking> {
  const { default: Conf } = await import('conf');
  const { name, ...rest } = options;
  return new Conf<Record<string, unknown>>({ ...rest, configName: name });
}

/**
 * Opens the settings for writing. The terminal host omits `open` and gets `conf`; the tray passes
 * `(options) => new ElectronStore(options)`, which writes the same file. A file that is not JSON is set aside first,
 * because both refuse to open it. Loads conf and node-schedule, so keep it off the start path, where
 * {@link readSettings} is used.
 * @throws SettingsError if the existing file cannot be read; the file system's error if the directory cannot be made
 * private
 */
export async function openSettingsStore(
  file: string,
  open: (options: BackingOptions) => SettingsBacking | Promise<SettingsBacking> = openConf,
): Promise<SettingsStore> {
  const directory = path.dirname(file);
  prepareDirectory(directory);
  const found = readSettings(file);
  const setAsideAs = found.kind === 'unreadable' ? found.setAsideAs : undefined;
  if (found.kind === 'unreadable' && setAsideAs === undefined) usableSettings(found);
  const checked = await loadRules();
  const backing = await withOwnSignals(async () =>
    open({
      cwd: directory,
      name: path.basename(file, '.json'),
      configFileMode: FILE_MODE,
      deserialize: (text) => {
        const value = parseJson(text);
        return isRecord(value) ? value : {};
      },
    }),
  );
  // Read each time, because the file may have been changed or damaged since it was opened.
  const stored = (): Settings | undefined => usableSettings(readSettings(backing.path));
  return {
    setAsideAs,
    get: () => readSettings(backing.path),
    check: (settings) => void checked(settings, stored()),
    save: (settings) => {
      backing.store = merge(backing.store, checked(settings, stored()));
    },
  };
}
