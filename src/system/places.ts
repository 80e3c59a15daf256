import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { say } from '../words/say.ts';

/** What the places depend on: {@link thisMachine}, or made up by tests. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
  /** undefined on Windows, which has no numeric users. */
  readonly uid: number | undefined;
  /** systemd's `/run/user/UID` if it exists and is ours: cron and su do not set XDG_RUNTIME_DIR. */
  readonly userRuntimeDirectory?: string | undefined;
}

/**
 * Who must have written the policy file. `root`: only root, on a POSIX machine. `anyone`: the file is in
 * TOKENTRAY_HOME, or files have no numeric owner (on Windows, the permissions of `%ProgramData%` decide).
 */
export type PolicyWriter = 'root' | 'anyone';

/** Paths of files and directories. Directories are created with mode 0700; nothing here touches the disk. */
export interface Places {
  readonly configDirectory: string;
  /** electron-store's file: `cwd` is {@link configDirectory}, `name` is `settings`. */
  readonly settingsFile: string;
  /** Persistent data other than settings. */
  readonly stateDirectory: string;
  readonly vaultDirectory: string;
  readonly logDirectory: string;
  /** May be gone after a reboot: the socket and the access key. */
  readonly runtimeDirectory: string;
  /** The Unix socket, directly in {@link runtimeDirectory}; on Windows the name of a pipe. */
  readonly socketPath: string;
  readonly accessKeyFile: string;
  /** The service name of the vault's keyring items; a portable home has its own, apart from the user's session. */
  readonly vaultService: string;
  /** An administrator's settings for every user; see `readPolicy`. */
  readonly policyFile: string;
  /** Who must have written {@link policyFile}. */
  readonly policyWriter: PolicyWriter;
}

/** TOKENTRAY_HOME cannot be used. */
export class PlacesError extends Error {
  override readonly name = 'PlacesError';
}

/** macOS has 104 bytes in `sun_path`, Linux 108, both with a final NUL (unix(4), unix(7)). */
const SOCKET_PATH_MAX_BYTES = 103;
const SOCKET_NAME = 'agent.sock';

/** 64 bits, so that two users or homes on one machine do not collide by accident. */
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
  // Not ignored like a relative XDG value, because the real settings would be used silently instead.
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
  const support = path.posix.join(machine.homedir, 'Library', 'Application Support', 'tokentray');
  // On macOS, TMPDIR is private to the user (/var/folders/…/T), unlike /tmp.
  const temporary = absolute(machine.env.TMPDIR, path.posix);
  return { config: support, state: support, runtime: runtimeIn(temporary, machine) };
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
    runtime: runtimeIn(runtime, machine),
  };
}

function runtimeIn(directory: string | undefined, machine: Machine): string {
  return directory === undefined ? sharedTemporary(machine) : path.posix.join(directory, 'tokentray');
}

/**
 * A directory in /tmp, where other users can create it first, so its owner and mode are checked before a socket is
 * opened in it. Not os.tmpdir(), because TMPDIR may differ between a desktop session and SSH, and both must find it.
 */
function sharedTemporary(machine: Machine, suffix = ''): string {
  return `/tmp/tokentray-${machine.uid ?? shortHash(machine.homedir)}${suffix}`;
}

function rootsOf(machine: Machine): Roots {
  const home = machine.env.TOKENTRAY_HOME ?? '';
  if (home !== '') return portableRoots(home, pathsOf(machine));
  if (machine.platform === 'win32') return windowsRoots(machine);
  return machine.platform === 'darwin' ? macRoots(machine) : xdgRoots(machine);
}

function pathsOf({ platform }: Machine): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix;
}

/** In a portable home, or where administrators put files for every user. */
function policyOf(machine: Machine): Pick<Places, 'policyFile' | 'policyWriter'> {
  const { platform, env } = machine;
  const paths = pathsOf(machine);
  const home = env.TOKENTRAY_HOME ?? '';
  if (home !== '') return { policyFile: paths.join(home, 'policy.json'), policyWriter: 'anyone' };
  if (platform === 'win32') {
    const directory = absolute(env.ProgramData, path.win32) ?? 'C:\\ProgramData';
    return { policyFile: paths.join(directory, 'tokentray', 'policy.json'), policyWriter: 'anyone' };
  }
  const directory = platform === 'darwin' ? '/Library/Application Support' : '/etc';
  return { policyFile: paths.join(directory, 'tokentray', 'policy.json'), policyWriter: 'root' };
}

/** If the socket's path would be too long, the whole runtime directory moves, so that both stay together. */
function runtimeThatFits(machine: Machine, directory: string): string {
  const bytes = Buffer.byteLength(path.posix.join(directory, SOCKET_NAME));
  return bytes <= SOCKET_PATH_MAX_BYTES ? directory : sharedTemporary(machine, `-${shortHash(directory)}`);
}

/**
 * The places of settings, state and socket: the XDG directories on Linux, Application Support and TMPDIR on macOS,
 * AppData on Windows. TOKENTRAY_HOME puts everything under one directory (tests, the demo, portable use), except a
 * runtime directory whose socket path would be too long.
 * @throws PlacesError if TOKENTRAY_HOME is not a full path
 */
export function places(machine: Machine): Places {
  const isWindows = machine.platform === 'win32';
  const paths = pathsOf(machine);
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
    // Pipe names are shared by the whole machine, so the runtime directory distinguishes users and homes. Windows
    // paths are not case-sensitive.
    socketPath: isWindows
      ? `\\\\.\\pipe\\tokentray-${shortHash(runtimeDirectory.toLowerCase())}`
      : paths.join(runtimeDirectory, SOCKET_NAME),
    accessKeyFile: paths.join(runtimeDirectory, 'access-key'),
    vaultService: portableHome === '' ? 'tokentray' : `tokentray-${shortHash(portableHome)}`,
    ...policyOf(machine),
  };
}
