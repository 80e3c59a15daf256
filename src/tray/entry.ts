/**
 * What the packaged application starts with: the `tokentray` command if its wrapper asks for it, otherwise the tray.
 * Electron becomes ready only after this module's top-level awaits, so `main.ts` still runs before that.
 */
import { app } from 'electron';
import { commandArguments } from './lifecycle/launch-request.ts';

/** The terminal host is another room, which the tray must not import: it is found as a built file. */
const TERMINAL = new URL('../terminal/tokentray.js', import.meta.url);

/** Checking for active resources is cheap, and a user does not notice a hundredth of a second. */
const CHECK_MS = 10;
/** A save to a keyring takes about 10 ms and is not among Node's active resources, so wait longer than that. */
const QUIET_MS = 100;

const given = commandArguments(process.argv);
if (given === undefined) await import('./main.ts');
else await runCommand(given);

/**
 * Runs the terminal host in this process, before `ready`: without a window, an icon or a lock. Exits with the
 * command's exit code. Electron's event loop never runs empty, so the command has ended when none of its resources
 * are active; a command that leaves one behind ends by its own time limit.
 */
async function runCommand(args: readonly string[]): Promise<void> {
  process.argv = [process.execPath, 'tokentray', ...args];
  // Node opens each stream on first access; they are not part of the command's work.
  const streams = [process.stdout, process.stderr];
  const before = process.getActiveResourcesInfo().length;
  await import(TERMINAL.href);
  let quietMs = 0;
  while (quietMs < QUIET_MS) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
    const busy =
      process.getActiveResourcesInfo().length > before || streams.some((stream) => stream.writableLength > 0);
    quietMs = busy ? 0 : quietMs + CHECK_MS;
  }
  app.exit(Number(process.exitCode ?? 0));
}
