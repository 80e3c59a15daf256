import { fileURLToPath } from 'node:url';
import { buildProgram } from '../electron/build-stand-in.ts';
import type { TrayProcess } from '../electron/harness.ts';

/** Bundles the tray with a witness in its process (witness.ts); the path is for `launch({ entry })`. */
export function buildWitness(): Promise<string> {
  return buildProgram(fileURLToPath(new URL('./witness.ts', import.meta.url)));
}

/** What the witness said of something, oldest first. */
export function testimony(tray: TrayProcess, what: string): unknown[] {
  const prefix = `witness ${what} `;
  return tray
    .stdout()
    .split('\n')
    .filter((line) => line.startsWith(prefix))
    .map((line): unknown => JSON.parse(line.slice(prefix.length)));
}

/** The clipboard as the ended process left it. */
export function leftInClipboard(tray: TrayProcess): unknown {
  const [text, ...more] = testimony(tray, 'clipboard at exit');
  if (text === undefined || more.length > 0)
    throw new Error(`the witness saw no orderly end:\n${tray.stderr()}`);
  return text;
}
