import { END_LIMIT_MS } from '../../host/end-profiles.ts';
import { say } from '../../words/say.ts';

/** What the service's file is made from. */
export interface ServiceFacts {
  /** The full path of the program, and its arguments. */
  readonly program: readonly [string, ...string[]];
  /** The variables that decide where settings and state are. */
  readonly environment: Readonly<Record<string, string>>;
  /** The credential that is the key of the storage; `file` is undefined if the user has not named it. */
  readonly credential: { readonly name: string; readonly file: string | undefined } | undefined;
}

/**
 * The keyring may be unlocked long after the login, and the tray application, which owns the sessions while it is
 * running, may quit. The service tries again for both, rarely enough to keep the journal short.
 */
const RESTART_SECONDS = 30;

/** Exit codes for a wrong command line or wrong settings (outlets/answer/answer.ts): a restart does not help. */
const RESTART_USELESS = [2, 12];

/**
 * A systemd user unit that runs `tokentray serve` (systemd.service(5)).
 *
 * Few of systemd's restrictions fit. Hooks are the user's own programs and inherit the restrictions:
 * NoNewPrivileges, which SystemCall…, Restrict… and Protect… imply in a user unit, would break sudo in a hook, and
 * an AppImage's mount. Token files may be anywhere (no ProtectSystem, no ProtectHome), and the socket is in /tmp if
 * there is no runtime directory (no PrivateTmp). A user's unit could escape any of them through systemd-run anyway.
 *
 * No After=network-online.target: the user's manager has no such unit, and failed requests are repeated.
 */
export function systemdUnit({ program, environment, credential }: ServiceFacts): string {
  const [file, ...args] = program;
  const note = (text: string): string => `# ${text}`;
  return [
    '[Unit]',
    `Description=${say('service.description')}`,
    '',
    '[Service]',
    note(say('service.note.notify')),
    'Type=notify',
    'NotifyAccess=all',
    `ExecStart=${[quoteWord(file), ...args.map(quoteArgument)].join(' ')}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=on-failure',
    `RestartSec=${RESTART_SECONDS}`,
    note(say('service.note.exit')),
    `RestartPreventExitStatus=${RESTART_USELESS.join(' ')}`,
    note(say('service.note.kill')),
    'KillMode=mixed',
    `TimeoutStopSec=${END_LIMIT_MS / 1000}`,
    note(say('service.note.core')),
    'LimitCORE=0',
    ...Object.entries(environment).map(([name, value]) => `Environment=${quoteWord(`${name}=${value}`)}`),
    ...credentialLines(credential),
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

function credentialLines(credential: ServiceFacts['credential']): readonly string[] {
  if (credential === undefined) return [];
  const { name, file } = credential;
  const note = `# ${say('service.note.credential', { name })}`;
  // No quoting: the path is the rest of the line (load-fragment.c, config_parse_load_credential).
  const line = `LoadCredential=${name}:${escapePercent(file ?? say('service.credential-file'))}`;
  return [note, file === undefined ? `#${line}` : line];
}

/** A word of ExecStart=, where `$` begins a variable. */
function quoteArgument(word: string): string {
  return quoteWord(word.replaceAll('$', '$$$$'));
}

/** A word with specifiers but without variables: the program of ExecStart=, Environment= (systemd.syntax(7)). */
function quoteWord(word: string): string {
  const text = escapePercent(word);
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `"${text.replace(/["\\]/gu, '\\$&')}"`;
}

function escapePercent(text: string): string {
  return text.replaceAll('%', '%%');
}
