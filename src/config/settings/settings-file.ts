import { chmodSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { isRecord } from '../rules/checked.ts';
import { fileIssue, isSystemError } from '../rules/file-trouble.ts';
import { SettingsError, settingsIssue, type SettingsIssue } from '../rules/issue.ts';
import type { Settings } from '../profile/profile.ts';
import { withOwnSignals } from './own-signals.ts';
import { checkSettings } from './schema.ts';
import { merge } from './settings-merge.ts';

/** What the settings file holds. `invalid` leaves it in place: people may want to correct it. */
export type SettingsRead =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'absent' }
  | { readonly kind: 'invalid'; readonly issues: readonly SettingsIssue[] }
  /**
   * Not JSON: set aside under `setAsideAs`. That is undefined when the file system refused to read or
   * rename it; `reason` is then its error code (`EACCES`), and the file stays where it is.
   */
  | { readonly kind: 'unreadable'; readonly setAsideAs: string | undefined; readonly reason: string };

/** The owner's way to the settings. Only the process that owns the session writes (DESIGN, The house). */
export interface SettingsStore {
  /** Where a file that was not JSON went when this was opened: the host tells people. */
  readonly setAsideAs: string | undefined;
  get(): SettingsRead;
  /** Throws {@link SettingsError} for settings that {@link save} would refuse, and writes nothing. */
  check(settings: Settings): void;
  /**
   * Writes the settings whole or not at all (temporary file and rename, mode 0600); keys that this
   * version does not know stay in the file. Throws {@link SettingsError} for settings that break a rule
   * and for a file in place that is not usable ({@link usableSettings}), which is never written over;
   * the file system's error when it refuses.
   */
  save(settings: Settings): void;
}

/** The part of `conf` that is used; electron-store is a subclass of it and fits as well. */
export interface SettingsBacking {
  readonly path: string;
  store: Record<string, unknown>;
}

/** What conf and electron-store are opened with; conf calls `name` by the name `configName`. */
export interface BackingOptions {
  readonly cwd: string;
  readonly name: string;
  readonly configFileMode: number;
  readonly deserialize: (text: string) => Record<string, unknown>;
}

/** Only its user may read it: it names accounts and tenants. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** Windows' Notepad writes a byte order mark, which JSON.parse refuses. */
function parseJson(text: string): unknown {
  return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
}

/** Colons are not allowed in names on Windows. */
function setAside(file: string, now: number): SettingsRead {
  const setAsideAs = `${file}.corrupt-${new Date(now).toISOString().replaceAll(':', '-')}`;
  try {
    renameSync(file, setAsideAs);
    return { kind: 'unreadable', setAsideAs, reason: 'JSON' };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: 'unreadable', setAsideAs: undefined, reason: error.code };
  }
}

/** What is seen of the settings file by who changes nothing: one that is not JSON stays where it is. */
export type SettingsSeen = Exclude<SettingsRead, { readonly kind: 'unreadable' }> | UnusableFile;

/** `reason` is the file system's error code. */
type UnusableFile = { readonly kind: 'not-json' } | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Sees the settings as plain JSON through the schema, on the start path, so without `conf`. The file is left in
 * place whatever it holds: its owner may be another process, or a person may be editing it at this moment.
 */
export function seeSettings(file: string): SettingsSeen {
  try {
    const checked = checkSettings(parseJson(readFileSync(file, 'utf8')));
    return checked.kind === 'ok' ? { kind: 'ok', settings: checked.value } : checked;
  } catch (error) {
    // JSON's own message quotes the file.
    if (error instanceof SyntaxError) return { kind: 'not-json' };
    if (!isSystemError(error)) throw error;
    return error.code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', reason: error.code };
  }
}

/**
 * {@link seeSettings} for the file's owner: one that is not JSON is set aside.
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

/** What the file is called in issues about all of it. */
const WHOLE_FILE = 'settings.json';

/**
 * The settings of a file that may be written over; undefined when there is none. Throws
 * {@link SettingsError} for the others, so that nothing in them is lost unsaid: what breaks a rule stays
 * for people to correct, what was not JSON has been set aside, and both are told with the next step.
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

/** Throws {@link SettingsError} for what breaks a rule, the schedules' times among them. */
async function loadRules(): Promise<(settings: Settings) => Settings> {
  const { checkSchedule, scheduleFieldsAt } = await import('../profile/cron.ts');
  return (settings) => {
    const checked = checkSettings(settings);
    if (checked.kind === 'invalid') throw new SettingsError(checked.issues);
    const issues = checked.value.profiles.flatMap(({ schedule }, index) =>
      schedule === undefined ? [] : checkSchedule(schedule, scheduleFieldsAt(`profiles.${index}.schedule`)),
    );
    if (issues.length > 0) throw new SettingsError(issues);
    return checked.value;
  };
}

/** Makes the directory, and makes it private; a read-only one that is private already is fine. */
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
 * Opens the settings for writing. The terminal host leaves `open` out and gets `conf`; the tray hands
 * in `(options) => new ElectronStore(options)`, which writes the same file. A file that is not JSON is
 * set aside first: both refuse to open it. conf and node-schedule are loaded here, so keep it off the
 * start path; {@link readSettings} is for that.
 * @throws SettingsError when something that cannot be read is in the file's place; the file system's
 * error when the directory cannot be made private
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
  return {
    setAsideAs,
    get: () => readSettings(backing.path),
    check: (settings) => void checked(settings),
    save: (settings) => {
      const changed = checked(settings);
      // Somebody may have changed or spoilt the file since it was opened.
      usableSettings(readSettings(backing.path));
      backing.store = merge(backing.store, changed);
    },
  };
}
