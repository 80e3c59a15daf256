import path from 'node:path';
import { ownProgram } from '../../system/programs/own-program.ts';
import { AT_LOGIN_SWITCH } from './launch-request.ts';

/** What {@link autostartOf} depends on. */
export interface AutostartFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
  readonly execPath: string;
  /** `development`: Electron's own binary runs, which at login would start without our code. */
  readonly build: 'packaged' | 'development';
}

/** How this system starts an application at login. */
export type Autostart =
  | { readonly kind: 'not-offered' }
  /** Windows' registry, macOS' login items: Electron's `app.setLoginItemSettings`. */
  | { readonly kind: 'login-item'; readonly args: readonly string[] }
  /** XDG Autostart: a desktop file with this path and text. */
  | { readonly kind: 'desktop-file'; readonly file: string; readonly text: string };

const notOffered: Autostart = { kind: 'not-offered' };

/**
 * How to start the application at login. Not offered in development, in a sandbox that hides the autostart directory
 * (Flatpak, Snap), and with TOKENTRAY_HOME, which would not be set at login.
 */
export function autostartOf({ platform, env, homedir, execPath, build }: AutostartFacts): Autostart {
  if (build === 'development' || (env.TOKENTRAY_HOME ?? '') !== '') return notOffered;
  if (platform !== 'linux') return { kind: 'login-item', args: [AT_LOGIN_SWITCH] };
  if (env.FLATPAK_ID !== undefined || env.SNAP !== undefined) return notOffered;
  const program = ownProgram(env, execPath);
  // The specification does not allow "=" in the program's path, and offers no escape for it.
  if (program.includes('=')) return notOffered;
  const given = env.XDG_CONFIG_HOME ?? '';
  const config = path.posix.isAbsolute(given) ? given : path.posix.join(homedir, '.config');
  return {
    kind: 'desktop-file',
    file: path.posix.join(config, 'autostart', 'tokentray.desktop'),
    text: desktopFile(program),
  };
}

/**
 * https://specifications.freedesktop.org/desktop-entry-spec/latest/ and
 * https://specifications.freedesktop.org/autostart-spec/latest/
 */
function desktopFile(program: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Tokentray',
    'Icon=tokentray',
    'Terminal=false',
    // If the program was removed, the entry is skipped instead of failing at every login.
    `TryExec=${escapeValue(program)}`,
    `Exec=${escapeValue(`${quoteArgument(program)} ${AT_LOGIN_SWITCH}`)}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Quoting of the Exec key: `"`, backtick, `$` and backslash are escaped; `%` starts a field code. */
function quoteArgument(argument: string): string {
  return `"${argument.replace(/["`$\\]/gu, '\\$&').replaceAll('%', '%%')}"`;
}

/** Escapes a value, after any quoting. */
function escapeValue(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

/**
 * Whether a desktop file is active. When the user switches an entry off in the desktop's settings, the desktop writes
 * one of these keys into it.
 * @param text undefined if there is no file
 */
export function isSwitchedOn(text: string | undefined): boolean {
  if (text === undefined) return false;
  return !/^\s*(?:Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/imu.test(text);
}
