import { say } from '../../words/say.ts';
import type { ServiceFacts } from './facts.ts';

/**
 * The keyring may be unlocked long after the login, and the tray application, which owns the sessions while it
 * runs, may end: both are tried for again, seldom enough for nobody to mind the lines in the journal.
 */
const RESTART_SECONDS = 30;

/** The command line is wrong, or the settings are: the next start would find the same (outlets/answer.ts). */
const RESTART_CANNOT_MEND = [2, 12];

/**
 * A systemd user unit that runs `tokentray serve` (systemd.service(5)).
 *
 * Few of systemd's restrictions fit. Hooks are the user's own programs, so what their children inherit must not
 * bind them: NoNewPrivileges, which all of SystemCall…, Restrict… and Protect… imply in a user unit, would break
 * sudo in a hook, and an AppImage's mount. Token files may lie anywhere (no ProtectSystem, no ProtectHome), and the
 * socket in /tmp where there is no runtime directory (no PrivateTmp). A user's unit could leave any of them
 * through systemd-run anyhow.
 *
 * No After=network-online.target: the user's manager has no such unit, and what cannot be reached is tried again.
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
    `RestartPreventExitStatus=${RESTART_CANNOT_MEND.join(' ')}`,
    note(say('service.note.kill')),
    'KillMode=mixed',
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

/** A word of ExecStart= whose `$` begins a variable. */
function quoteArgument(word: string): string {
  return quoteWord(word.replaceAll('$', '$$$$'));
}

/** The program of ExecStart= and the words of Environment= have specifiers, but no variables (systemd.syntax(7)). */
function quoteWord(word: string): string {
  const text = escapePercent(word);
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `"${text.replace(/["\\]/gu, '\\$&')}"`;
}

function escapePercent(text: string): string {
  return text.replaceAll('%', '%%');
}
