/**
 * What the packaged application starts with: the `tokentray` command for whoever asks for it, and otherwise the
 * tray. Electron is ready only after this module's top-level awaits, so `main.ts` still comes before that.
 */
import { commandArguments, runCommand } from './lifecycle/command-mode.ts';

const given = commandArguments(process.argv);
if (given === undefined) await import('./main.ts');
else await runCommand(given);
