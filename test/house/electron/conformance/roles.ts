// What this program does in the child processes of the behaviours in life.ts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { app, BrowserWindow } from 'electron';
import { say } from './stage.ts';

/** What the child processes of the behaviours above do. */
export const roles: Record<string, () => void> = {
  'close-last-window': () => {
    tellOfQuit();
    new BrowserWindow({ show: false }).close();
  },
  'quit-order': () => {
    let refusals = ['before-quit', 'close'];
    const refuse = (name: string, event: Electron.Event): void => {
      const refused = refusals.includes(name);
      say(refused ? `${name} prevented` : name);
      if (!refused) return;
      refusals = refusals.filter((one) => one !== name);
      event.preventDefault();
      setTimeout(() => app.quit(), 50);
    };
    const window = new BrowserWindow({ show: false });
    window.on('close', (event) => refuse('close', event));
    window.on('closed', () => say('closed'));
    app.on('before-quit', (event) => refuse('before-quit', event));
    app.on('will-quit', () => say('will-quit'));
    app.on('quit', (_event, code) => say(`quit ${code}`));
    app.quit();
  },
  exit: () => {
    tellOfQuit();
    app.exit(7);
  },
  'process-exit': () => {
    tellOfQuit();
    process.exit(8);
  },
  sigterm: () => {
    tellOfQuit();
    process.kill(process.pid, 'SIGTERM');
  },
  rejection: () => {
    app.on('quit', (_event, code) => say(`quit ${code}`));
    void Promise.reject(new Error('nobody cares'));
    setTimeout(() => {
      say('alive');
      app.exit(0);
    }, 100);
  },
  second: () => {
    app.setPath('userData', process.env.CONFORMANCE_USER_DATA ?? '');
    say(`lock ${String(app.requestSingleInstanceLock({ hello: 'first' }))}`);
    app.on('quit', (_event, code) => say(`quit ${code}`));
    app.quit();
  },
};

function tellOfQuit(): void {
  app.on('before-quit', () => say('before-quit'));
  app.on('will-quit', () => say('will-quit'));
  app.on('quit', (_event, code) => say(`quit ${code}`));
}

/** Starts this program again in another part. */
export async function runRole(role: string, env: Record<string, string> = {}, args: string[] = []) {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], {
    env: { ...process.env, ...env, CONFORMANCE_ROLE: role },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const limit = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('ROLE '))
    .map((line) => line.slice(5));
  return { lines, code };
}
