// Started in place of the program (see hooks.mjs). Imports it, then lets 'ready' happen: Electron waits for
// the whole of an ESM entry, its top-level awaits included, so `await app.whenReady()` there hangs for ever.
import { inspect } from 'node:util';
import { app } from 'electron';

const program = new URL(import.meta.url).searchParams.get('program');
if (program === null) throw new Error('electron stand-in: entry.js needs ?program=<url>');

/** Long enough for a slow start on a busy machine; only a hint depends on it. */
const HINT_AFTER_MS = 15_000;
const hint = setTimeout(() => {
  process.stderr.write(
    'electron stand-in: the program is still in a top-level await. Electron emits "ready" only after it.\n',
  );
}, HINT_AFTER_MS);
hint.unref();

try {
  await import(program);
} catch (error) {
  // Electron shows a dialog and stays; a test is better served by the end.
  process.stderr.write(`electron stand-in: the program did not load: ${inspect(error)}\n`);
  app.exit(1);
}
clearTimeout(hint);
(app as unknown as { _programLoaded(): void })._programLoaded();
