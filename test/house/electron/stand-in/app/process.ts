// What Electron changes in its main process: it outlives the last handle, exits through app.exit, survives
// an uncaught exception behind an error box, and takes SIGTERM for "quit".
import { inspect } from 'node:util';
import { app } from './app.ts';
import { dialog } from '../native/dialog.ts';

/** Keeps the process alive, as Electron's message loop does. */
const KEEP_ALIVE_MS = 1 << 30;

/** Puts Electron's process behaviour in place. */
export function installProcessBehaviour(): void {
  setInterval(() => undefined, KEEP_ALIVE_MS);
  process.exit = ((code?: number) => app.exit(code ?? Number(process.exitCode ?? 0))) as typeof process.exit;

  const onUncaught = (error: unknown): void => {
    if (process.listenerCount('uncaughtException') > 1) return;
    const detail = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
    process.stderr.write(`Uncaught Exception:\n${detail}\n`);
    dialog.showErrorBox('A JavaScript error occurred in the main process', `Uncaught Exception:\n${detail}`);
  };
  process.on('uncaughtException', onUncaught);

  process.on('unhandledRejection', (reason) => {
    // Electron runs Node with --unhandled-rejections=warn-with-error-code.
    if (process.listenerCount('unhandledRejection') > 1) return;
    process.stderr.write(`UnhandledPromiseRejectionWarning: ${inspect(reason)}\n`);
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app._quit());
}
