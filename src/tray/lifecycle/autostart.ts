import path from 'node:path';
import { ownProgram } from '../../system/programs/own-program.ts';
import { AT_LOGIN_SWITCH } from './launch-request.ts';

/** What decides how the application is started at login. */
export interface AutostartFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
  readonly execPath: string;
  /** `development`: Electron's own binary runs, which means nothing without our folder. */
  readonly build: 'packaged' | 'development';
}

/** How this system starts an application at login. */
export type Autostart =
  | { readonly kind: 'not-offered' }
  /** Windows' registry, macOS' login items: Electron's `app.setLoginItemSettings`. */
  | { readonly kind: 'login-item'; readonly args: readonly string[] }
  /** XDG Autostart: a desktop file of this name, with this text. */
  | { readonly kind: 'desktop-file'; readonly file: string; readonly text: string };

const notOffered: Autostart = { kind: 'not-offered' };

/**
 * How the application is started at login, if that can be offered: not in development, not out of a
 * sandbox that hides the autostart directory (Flatpak, Snap), and not with TOKENTRAY_HOME, which a login
 * would not set.
 */
export function autostartOf({ platform, env, homedir, execPath, build }: AutostartFacts): Autostart {
  if (build === 'development' || (env.TOKENTRAY_HOME ?? '') !== '') return notOffered;
  if (platform !== 'linux') return { kind: 'login-item', args: [AT_LOGIN_SWITCH] };
  if (env.FLATPAK_ID !== undefined || env.SNAP !== undefined) return notOffered;
  const program = ownProgram(env, execPath);
  // The specification allows no "=" in the program's name, and has no way to write one.
  if (program.includes('=')) return notOffered;
  const given = env.XDG_CONFIG_HOME ?? '';
  const config = path.posix.isAbsolute(given) ? given : path.posix.join(homedir, '.config');
  return {
    kind: 'desktop-file',
    file: path.posix.join(config, 'autostart', 'tokentray.desktop'),
    text: desktopFile(program),
  };
}

/** https://specifications.freedesktop.org/desktop-entry-spec/latest/ and …/autostart-spec/latest/ */
function desktopFile(program: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Tokentray',
    'Icon=tokentray',
    'Terminal=false',
    // A program that is gone is passed over in silence, instead of failing at every login.
    `TryExec=${escapeValue(program)}`,
    `Exec=${escapeValue(`${quoteArgument(program)} ${AT_LOGIN_SWITCH}`)}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** The Exec key's own quoting: `"`, backtick, `$` and the backslash are escaped; `%` begins a field code. */
function quoteArgument(argument: string): string {
  return `"${argument.replace(/["`$\\]/gu, '\\$&').replaceAll('%', '%%')}"`;
}

/** How every value is written, after the quoting: a backslash is doubled. */
function escapeValue(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

/**
 * Whether a desktop file starts anything: desktops switch an entry off by writing one of these keys into
 * it, and that is the user's word.
 */
export function isSwitchedOn(text: string | undefined): boolean {
  if (text === undefined) return false;
  return !/^\s*(?:Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/imu.test(text);
}
