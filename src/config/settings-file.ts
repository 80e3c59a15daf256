import { chmodSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { SettingsError, type SettingsIssue } from './issue.ts';
import type { Settings } from './profile.ts';
import { checkSettings } from './schema.ts';

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
  get(): SettingsRead;
  /**
   * Writes the settings whole or not at all (temporary file and rename, mode 0600); keys that this
   * version does not know stay in the file. Throws {@link SettingsError} for settings that break a rule
   * and for a file that a newer version wrote; the file system's error when it refuses.
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

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';
}

/** Windows' Notepad writes a byte order mark, which JSON.parse refuses. */
function parseJson(text: string): unknown {
  return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Colons are not allowed in names on Windows. */
function setAside(file: string, now: number): SettingsRead {
  const setAsideAs = `${file}.corrupt-${new Date(now).toISOString().replaceAll(':', '-')}`;
  try {
    renameSync(file, setAsideAs);
    return { kind: 'unreadable', setAsideAs, reason: 'JSON' };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: 'unreadable', setAsideAs: undefined, reason: error.code ?? '' };
  }
}

/**
 * Reads the settings as plain JSON through the schema; on the start path, so without `conf`.
 * @param now milliseconds since the epoch, for the name of a file that is set aside
 */
export function readSettings(file: string, now: number = Date.now()): SettingsRead {
  try {
    const checked = checkSettings(parseJson(readFileSync(file, 'utf8')));
    return checked.kind === 'ok' ? { kind: 'ok', settings: checked.value } : checked;
  } catch (error) {
    if (error instanceof SyntaxError) return setAside(file, now);
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return { kind: 'absent' };
    return { kind: 'unreadable', setAsideAs: undefined, reason: error.code ?? '' };
  }
}

/** `changed` over `before`, so that keys of a newer version survive; profiles are matched by their id. */
function merge(before: Record<string, unknown>, changed: Settings): Record<string, unknown> {
  const known = Array.isArray(before.profiles) ? before.profiles.filter(isRecord) : [];
  const profiles = changed.profiles.map((profile) => {
    const old = known.find(({ id }) => id === profile.id) ?? {};
    const schedule =
      profile.schedule === undefined
        ? undefined
        : { ...(isRecord(old.schedule) ? old.schedule : {}), ...profile.schedule };
    return { ...old, ...profile, schedule };
  });
  return { ...before, ...changed, profiles };
}

/** A newer version's settings may mean something else by the same names. */
function refuseNewerVersion(before: Record<string, unknown>): void {
  if (typeof before.schemaVersion !== 'number' || before.schemaVersion <= 1) return;
  const checked = checkSettings(before);
  if (checked.kind === 'invalid')
    throw new SettingsError(checked.issues.filter(({ field }) => field === 'schemaVersion'));
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
 */
export async function openSettingsStore(
  file: string,
  open: (options: BackingOptions) => SettingsBacking | Promise<SettingsBacking> = openConf,
): Promise<SettingsStore> {
  const directory = path.dirname(file);
  mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  if (process.platform !== 'win32') chmodSync(directory, DIRECTORY_MODE);
  readSettings(file);
  const { checkSchedule } = await import('./cron.ts');
  const backing = await open({
    cwd: directory,
    name: path.basename(file, '.json'),
    configFileMode: FILE_MODE,
    deserialize: (text) => {
      const value = parseJson(text);
      return isRecord(value) ? value : {};
    },
  });
  return {
    get: () => readSettings(backing.path),
    save: (settings) => {
      const checked = checkSettings(settings);
      if (checked.kind === 'invalid') throw new SettingsError(checked.issues);
      const issues = checked.value.profiles.flatMap(({ schedule }, index) =>
        schedule === undefined ? [] : checkSchedule(schedule, `profiles.${index}.schedule`),
      );
      if (issues.length > 0) throw new SettingsError(issues);
      // Somebody may have broken the file since it was opened: it is set aside rather than thrown at us.
      readSettings(backing.path);
      const before = backing.store;
      refuseNewerVersion(before);
      backing.store = merge(before, checked.value);
    },
  };
}
