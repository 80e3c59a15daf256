import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DemoHome } from './demo-home.ts';

/** The bundles in `dist/terminal` and `dist/tray`, next to this one. */
const TERMINAL = fileURLToPath(new URL('../terminal/tokentray.js', import.meta.url));
const TRAY = fileURLToPath(new URL('../tray/start.js', import.meta.url));

/** The exit code of `npm start` without an Electron binary (sysexits.h, EX_UNAVAILABLE). */
const NO_ELECTRON = 69;

/** The host normally starts in a fraction of a second. */
const START_LIMIT_MS = 30_000;

/** `npm start` exits at once without an Electron binary; a busy machine takes a second for that. */
const TRAY_START_MS = 3_000;

const TICKET_URL = /http:\/\/\S+\/login\?ticket=\S+/u;

export interface RunningHost {
  /** Resolves to the exit code when the host has exited. */
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

/** Starts `tokentray serve` and waits for the address that it prints. */
export async function startTerminalHost(
  home: DemoHome,
): Promise<RunningHost & { readonly signInUrl: string }> {
  const child = spawn(process.execPath, [TERMINAL, 'serve', '--from-env', home.envFile], {
    env: home.environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const host = watch(child);
  let said = '';
  const address = new Promise<string>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [found] = TICKET_URL.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const late = wait(START_LIMIT_MS, undefined, { ref: false }).then(() => {
    throw new Error('the host did not start');
  });
  const ended = host.ended.then(() => {
    throw new Error(`tokentray serve ended:\n${said}`);
  });
  return { ...host, signInUrl: await Promise.race([address, late, ended]) };
}

/** Starts the tray; undefined without a screen or an Electron binary. */
export async function startTray(home: DemoHome, certificateSpki: string): Promise<RunningHost | undefined> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && DISPLAY === undefined && WAYLAND_DISPLAY === undefined)
    return undefined;
  const child = spawn(
    process.execPath,
    [
      TRAY,
      `--from-env=${home.envFile}`,
      // Chromium accepts this exception only with a separate profile directory.
      `--ignore-certificate-errors-spki-list=${certificateSpki}`,
      `--user-data-dir=${home.environment.TOKENTRAY_HOME ?? ''}/electron`,
    ],
    { env: home.environment, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const host = watch(child);
  const code = await Promise.race([host.ended, wait(TRAY_START_MS)]);
  return code === NO_ELECTRON ? undefined : host;
}

/** Runs a `tokentray` command against the running host. @returns its standard output. @throws with its standard error. */
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
