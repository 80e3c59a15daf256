import path from 'node:path';
import { problem, ProblemError } from '../../words/problem.ts';
import { showFound } from '../../config/rules/issue.ts';
import type { Machine } from '../../system/places.ts';
import { ownProgram } from '../../system/programs/own-program.ts';
import { say } from '../../words/say.ts';
import { launchAgent } from './launch-agent.ts';
import { sealed } from './seal.ts';
import { systemdUnit, type ServiceFacts } from './systemd-unit.ts';

/** The file of a service that starts Tokentray without the tray, and the commands for it. */
export interface ServicePlan {
  readonly manager: 'systemd' | 'launchd';
  readonly file: string;
  readonly text: string;
  /** Fails if the manager cannot be reached from here; changes nothing else. */
  readonly reach: ServiceStep;
  readonly start: readonly ServiceStep[];
  readonly end: readonly ServiceStep[];
  /** The command that shows what went wrong. */
  readonly look: string;
}

/** A program and its arguments. */
export type ServiceStep = readonly [string, ...string[]];

/** The appId of electron-builder.yml, by which macOS identifies the application. */
const LABEL = 'io.github.tokentray';

/** The variables that {@link Places} depends on, except XDG_RUNTIME_DIR, which every login sets. */
const PLACES_VARIABLES = ['TOKENTRAY_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'] as const;

/** Makes the packaged application act as the command (src/tray). */
const COMMAND_SWITCH = ['--tokentray-cli', '--'] as const;

/** The program that is running now, which the service will run. */
export interface RunningProgram {
  /** `packaged`: one binary is tray and command. */
  readonly build: 'packaged' | 'node';
  readonly execPath: string;
  /** The command's file; not used in a package. */
  readonly script: string;
}

/**
 * The service that runs `tokentray serve` for this user on this machine.
 * @throws ProblemError `service.windows`, `service.path`
 */
export function planService(parts: {
  readonly machine: Pick<Machine, 'platform' | 'env' | 'homedir' | 'uid'>;
  readonly running: RunningProgram;
  readonly credential: ServiceFacts['credential'];
}): ServicePlan {
  const { machine, running, credential } = parts;
  if (machine.platform === 'win32') throw new ProblemError(problem('usage', 'service.windows'));
  const facts = { program: programOf(machine, running), environment: environmentOf(machine.env), credential };
  refuse(NOT_IN_PATHS, [...facts.program, ...Object.values(facts.environment), credential?.file ?? '']);
  return machine.platform === 'darwin' ? launchdPlan(machine, facts) : systemdPlan(machine, facts);
}

function systemdPlan({ env, homedir }: Pick<Machine, 'env' | 'homedir'>, facts: ServiceFacts): ServicePlan {
  refuse(NOT_IN_PROGRAMS, facts.program.slice(0, 1));
  const given = env.XDG_CONFIG_HOME ?? '';
  const config = path.posix.isAbsolute(given) ? given : path.posix.join(homedir, '.config');
  return {
    manager: 'systemd',
    file: path.posix.join(config, 'systemd', 'user', 'tokentray.service'),
    text: sealed((seal) => {
      const notes = [say('service.made'), say('service.drop-in'), seal];
      return `${notes.map((note) => `# ${note}\n`).join('')}${systemdUnit(facts)}`;
    }),
    reach: ['systemctl', '--user', 'daemon-reload'],
    // Not `enable --now`: a service that is already running would not be restarted.
    start: [
      ['systemctl', '--user', 'enable', 'tokentray'],
      ['systemctl', '--user', 'restart', 'tokentray'],
    ],
    end: [['systemctl', '--user', 'disable', '--now', 'tokentray']],
    look: 'journalctl --user -u tokentray -n 20',
  };
}

function launchdPlan({ homedir, uid }: Pick<Machine, 'homedir' | 'uid'>, facts: ServiceFacts): ServicePlan {
  const file = path.posix.join(homedir, 'Library', 'LaunchAgents', `${LABEL}.plist`);
  const domain = `gui/${uid ?? ''}`;
  return {
    manager: 'launchd',
    file,
    text: sealed((seal) => {
      const note = `<!-- ${say('service.made')} ${seal} -->`;
      return launchAgent(facts, LABEL).replace('<plist ', `${note}\n<plist `);
    }),
    reach: ['launchctl', 'print', domain],
    start: [['launchctl', 'bootstrap', domain, file]],
    end: [['launchctl', 'bootout', `${domain}/${LABEL}`]],
    look: `launchctl print ${domain}/${LABEL}`,
  };
}

function programOf(
  { platform, env }: Pick<Machine, 'platform' | 'env'>,
  { build, execPath, script }: RunningProgram,
): ServiceFacts['program'] {
  if (build === 'node') return [execPath, script, 'serve'];
  // Electron needs a display at its start, although nothing is shown on it.
  const display = platform === 'linux' ? ['--ozone-platform=headless'] : [];
  return [ownProgram(env, execPath), ...display, ...COMMAND_SWITCH, 'serve'];
}

function environmentOf(env: Machine['env']): ServiceFacts['environment'] {
  const set = PLACES_VARIABLES.map((name) => [name, env[name] ?? ''] as const);
  // A relative path is ignored (system/places.ts), and would mean another directory in the service.
  return Object.fromEntries(set.filter(([, value]) => path.posix.isAbsolute(value)));
}

/** Neither format allows control characters in a path. */
const NOT_IN_PATHS = /\p{Cc}/u;

/** systemd refuses such a program even if it is quoted: “Executable name contains special characters”. */
const NOT_IN_PROGRAMS = /[\p{Cc}"'\\]/u;

function refuse(signs: RegExp, paths: readonly string[]): void {
  const found = paths.find((one) => signs.test(one));
  if (found === undefined) return;
  throw new ProblemError(problem('usage', 'service.path', { path: showFound(found) ?? '' }));
}
