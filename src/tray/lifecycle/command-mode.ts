import { app } from 'electron';

/**
 * Asks the packaged application to be the `tokentray` command for this once: there is no Node beside it, and a
 * fuse keeps its binary from serving as one. Given by the wrapper `bin/tokentray` in its resources.
 */
const SWITCH = '--tokentray-cli';

/** The terminal host is another host, which no source of this one may import: it is found as a built file. */
const TERMINAL = new URL('../terminal/tokentray.js', import.meta.url);

/** A look at what still runs is cheap; a person does not notice a hundredth of a second. */
const LOOK_MS = 10;
/** A save to a keyring takes some 10 ms and shows in no list of Node's, so quiet must last longer than that. */
const QUIET_MS = 100;

/**
 * What the command was given; undefined when the application itself is wanted. `--` must follow the switch,
 * because Chromium would take what comes next for its own switches (`--remote-debugging-port` among them).
 */
export function commandArguments(argv: readonly string[]): readonly string[] | undefined {
  const at = argv.indexOf(SWITCH);
  return at > 0 && argv[at + 1] === '--' ? argv.slice(at + 2) : undefined;
}

/**
 * Runs the terminal host in this process, before `ready`: no window, no icon, no lock. Ends the process with
 * the command's exit code. Electron's loop never runs dry, so the end is when nothing of the command is left;
 * a command that leaves something behind ends by its own limit.
 */
export async function runCommand(given: readonly string[]): Promise<void> {
  process.argv = [process.execPath, 'tokentray', ...given];
  // Node opens each when it is first named; they are no work of the command.
  const streams = [process.stdout, process.stderr];
  const before = process.getActiveResourcesInfo().length;
  await import(TERMINAL.href);
  let quietMs = 0;
  while (quietMs < QUIET_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const busy =
      process.getActiveResourcesInfo().length > before || streams.some((stream) => stream.writableLength > 0);
    quietMs = busy ? 0 : quietMs + LOOK_MS;
  }
  app.exit(Number(process.exitCode ?? 0));
}
