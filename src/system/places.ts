import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { say } from '../words/say.ts';

/** What the places depend on; {@link thisMachine} reads it, tests make it up. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
  /** undefined where there are no numeric users (Windows). */
  readonly uid: number | undefined;
  /** systemd's `/run/user/UID` where it is there and ours: cron and su do not set XDG_RUNTIME_DIR. */
  readonly userRuntimeDirectory?: string | undefined;
}

/**
 * Who can have written the policy file. `root`: only root, on a POSIX machine. `anyone`: files have no numeric
 * owner (on Windows, the permissions of `%ProgramData%` decide), or the file is in TOKENTRAY_HOME.
 */
export type PolicyWriter = 'root' | 'anyone';

/** Where things live. Who makes a directory makes it 0700; nothing here touches the disk. */
export interface Places {
  readonly configDirectory: string;
  /** electron-store's file: `cwd` is {@link configDirectory}, `name` is `settings`. */
  readonly settingsFile: string;
  /** What is kept but is no setting. */
  readonly stateDirectory: string;
  readonly vaultDirectory: string;
  readonly logDirectory: string;
  /** Gone after a reboot, or may be: the socket and the access key. */
  readonly runtimeDirectory: string;
  /** The Unix socket, directly in {@link runtimeDirectory}; on Windows a pipe's name. */
  readonly socketPath: string;
  readonly accessKeyFile: string;
  /** What the vault's entries are filed under: a portable home must not meet the user's own session there. */
  readonly vaultService: string;
  /** What an administrator has set for every user; see `readPolicy`. */
  readonly policyFile: string;
  /** Who may have written {@link policyFile}. */
  readonly policyWriter: PolicyWriter;
}

/** TOKENTRAY_HOME cannot be used. */
export class PlacesError extends Error {
  override readonly name = 'PlacesError';
}

/** macOS has 104 bytes in `sun_path`, Linux 108, both with a final NUL (unix(4), unix(7)). */
const SOCKET_PATH_MAX_BYTES = 103;
const SOCKET_NAME = 'agent.sock';

/** 64 bits: two users, or two homes, of one machine must not meet by accident. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function ownDirectory(directory: string, uid: number): string | undefined {
  const found = statSync(directory, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === uid ? directory : undefined;
}

/** The machine this process runs on. */
export function thisMachine(): Machine {
  const uid = process.getuid?.();
  return {
    platform: process.platform,
    env: process.env,
    homedir: os.homedir(),
    uid,
    userRuntimeDirectory: uid === undefined ? undefined : ownDirectory(`/run/user/${uid}`, uid),
  };
}

/** The XDG Base Directory specification: "If an implementation encounters a relative path […] ignore it". */
function absolute(value: string | undefined, paths: path.PlatformPath): string | undefined {
  return value !== undefined && paths.isAbsolute(value) ? value : undefined;
}

interface Roots {
  readonly config: string;
  readonly state: string;
  readonly runtime: string;
}

function portableRoots(home: string, paths: path.PlatformPath): Roots {
  // Never ignored like a relative XDG value: that would quietly use the real settings instead.
  if (!paths.isAbsolute(home)) throw new PlacesError(say('settings.home.relative', { path: home }));
  return {
    config: paths.join(home, 'config'),
    state: paths.join(home, 'state'),
    runtime: paths.join(home, 'run'),
  };
}

function windowsRoots(machine: Machine): Roots {
  const { win32 } = path;
  const { env, homedir } = machine;
  const roaming = absolute(env.APPDATA, win32) ?? win32.join(homedir, 'AppData', 'Roaming');
  const local = absolute(env.LOCALAPPDATA, win32) ?? win32.join(homedir, 'AppData', 'Local');
  const state = win32.join(local, 'tokentray');
  return { config: win32.join(roaming, 'tokentray'), state, runtime: win32.join(state, 'run') };
}

function macRoots(machine: Machine): Roots {
  const { posix } = path;
  const support = posix.join(machine.homedir, 'Library', 'Application Support', 'tokentray');
  // TMPDIR is the user's own there (/var/folders/…/T); without it /tmp is everybody's.
  const temporary = absolute(machine.env.TMPDIR, posix);
  return {
    config: support,
    state: support,
    runtime: temporary === undefined ? sharedTemporary(machine) : posix.join(temporary, 'tokentray'),
  };
}

function xdgRoots(machine: Machine): Roots {
  const { posix } = path;
  const { env, homedir } = machine;
  const config = absolute(env.XDG_CONFIG_HOME, posix) ?? posix.join(homedir, '.config');
  const state = absolute(env.XDG_STATE_HOME, posix) ?? posix.join(homedir, '.local', 'state');
  const runtime = absolute(env.XDG_RUNTIME_DIR, posix) ?? machine.userRuntimeDirectory;
  return {
    config: posix.join(config, 'tokentray'),
    state: posix.join(state, 'tokentray'),
    runtime: runtime === undefined ? sharedTemporary(machine) : posix.join(runtime, 'tokentray'),
  };
}

/**
 * A directory in /tmp, which others can make first: whoever opens a socket there checks its owner and
 * mode. Not os.tmpdir(): TMPDIR may differ between a desktop session and SSH, and both must meet here.
 */
function sharedTemporary(machine: Machine, suffix = ''): string {
  return `/tmp/tokentray-${machine.uid ?? shortHash(machine.homedir)}${suffix}`;
}

function rootsOf(machine: Machine): Roots {
  const home = machine.env.TOKENTRAY_HOME ?? '';
  if (home !== '') return portableRoots(home, machine.platform === 'win32' ? path.win32 : path.posix);
  if (machine.platform === 'win32') return windowsRoots(machine);
  return machine.platform === 'darwin' ? macRoots(machine) : xdgRoots(machine);
}

/** A portable home brings its own policy; else it is where administrators put files for every user. */
function policyOf(machine: Machine): Pick<Places, 'policyFile' | 'policyWriter'> {
  const { platform, env } = machine;
  const home = env.TOKENTRAY_HOME ?? '';
  if (platform === 'win32') {
    const directory = path.win32.join(
      absolute(env.ProgramData, path.win32) ?? 'C:\\ProgramData',
      'tokentray',
    );
    return {
      policyFile: path.win32.join(home === '' ? directory : home, 'policy.json'),
      policyWriter: 'anyone',
    };
  }
  if (home !== '') return { policyFile: path.posix.join(home, 'policy.json'), policyWriter: 'anyone' };
  const directory = platform === 'darwin' ? '/Library/Application Support' : '/etc';
  return { policyFile: path.posix.join(directory, 'tokentray', 'policy.json'), policyWriter: 'root' };
}

/** Where a socket path would be too long, the whole runtime directory moves, so that both stay together. */
function runtimeThatFits(machine: Machine, wanted: string): string {
  const bytes = Buffer.byteLength(path.posix.join(wanted, SOCKET_NAME));
  return bytes <= SOCKET_PATH_MAX_BYTES ? wanted : sharedTemporary(machine, `-${shortHash(wanted)}`);
}

/**
 * Where settings, state and socket live: the XDG directories on Linux, Application Support and TMPDIR
 * on macOS, AppData on Windows. TOKENTRAY_HOME puts everything under one directory (tests, the demo,
 * portable use), except a runtime directory whose socket path would be too long.
 * @throws PlacesError when TOKENTRAY_HOME is not a full path
 */
export function places(machine: Machine): Places {
  const isWindows = machine.platform === 'win32';
  const paths = isWindows ? path.win32 : path.posix;
  const portableHome = machine.env.TOKENTRAY_HOME ?? '';
  const roots = rootsOf(machine);
  const runtimeDirectory = isWindows ? roots.runtime : runtimeThatFits(machine, roots.runtime);
  return {
    configDirectory: roots.config,
    settingsFile: paths.join(roots.config, 'settings.json'),
    stateDirectory: roots.state,
    vaultDirectory: paths.join(roots.state, 'vault'),
    logDirectory: paths.join(roots.state, 'logs'),
    runtimeDirectory,
    // Pipe names are the whole machine's: the runtime directory tells users and homes apart. Windows
    // paths mean the same in any case.
    socketPath: isWindows
      ? `\\\\.\\pipe\\tokentray-${shortHash(runtimeDirectory.toLowerCase())}`
      : paths.join(runtimeDirectory, SOCKET_NAME),
    accessKeyFile: paths.join(runtimeDirectory, 'access-key'),
    vaultService: portableHome === '' ? 'tokentray' : `tokentray-${shortHash(portableHome)}`,
    ...policyOf(machine),
  };
}
