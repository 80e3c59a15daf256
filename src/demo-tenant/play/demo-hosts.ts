import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DemoHome } from './demo-home.ts';

/** Bundled beside this one: `dist/terminal`, `dist/tray`. */
const TERMINAL = fileURLToPath(new URL('../terminal/tokentray.js', import.meta.url));
const TRAY = fileURLToPath(new URL('../tray/start.js', import.meta.url));

/** How `npm start` says that there is no Electron binary (sysexits.h, EX_UNAVAILABLE). */
const NO_ELECTRON = 69;

/** The host takes a fraction of a second; a machine that needs this long has another trouble. */
const START_LIMIT_MS = 30_000;

/** `npm start` looks for a file and ends; a busy machine takes a second for that. */
const TRAY_START_MS = 3_000;

const TICKET_URL = /http:\/\/\S+\/login\?ticket=\S+/u;

export interface RunningHost {
  /** Settles when the host has ended. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

function watch(child: ChildProcess): RunningHost {
  const ended = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : 1));
  return {
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Starts `tokentray serve` and waits for the address it prints. */
export async function startTerminalHost(
  home: DemoHome,
): Promise<RunningHost & { readonly signInUrl: string }> {
  const child = spawn(process.execPath, [TERMINAL, 'serve', '--from-env', home.envFile], {
    env: home.environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const host = watch(child);
  let said = '';
  const signInUrl = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the host did not start')), START_LIMIT_MS);
    const fail = (): void => {
      clearTimeout(late);
      reject(new Error(`tokentray serve ended:\n${said}`));
    };
    child.once('exit', fail);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = TICKET_URL.exec(said);
      if (found === null) return;
      clearTimeout(late);
      child.off('exit', fail);
      resolve(found[0]);
    });
  });
  return { ...host, signInUrl };
}

/** Starts the tray where there is a screen and an Electron binary; undefined where not. */
export async function startTray(home: DemoHome, certificateSpki: string): Promise<RunningHost | undefined> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && DISPLAY === undefined && WAYLAND_DISPLAY === undefined)
    return undefined;
  const child = spawn(
    process.execPath,
    [
      TRAY,
      `--from-env=${home.envFile}`,
      // Chromium takes this exception only beside a profile directory of its own.
      `--ignore-certificate-errors-spki-list=${certificateSpki}`,
      `--user-data-dir=${home.environment.TOKENTRAY_HOME ?? ''}/electron`,
    ],
    { env: home.environment, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const host = watch(child);
  const settled = new Promise<'running'>((resolve) => setTimeout(() => resolve('running'), TRAY_START_MS));
  return (await Promise.race([host.ended, settled])) === NO_ELECTRON ? undefined : host;
}

/** Runs one `tokentray` command against the running host; its standard output, or an error with what it said. */
export async function tokentray(home: DemoHome, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [TERMINAL, ...args], {
    env: home.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`tokentray ${args.join(' ')} ended with ${String(code)}: ${said.trim()}`);
  return output;
}
