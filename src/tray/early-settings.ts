import { readFileSync } from 'node:fs';
import type { Settings } from '../config/profile.ts';
import { checkSettings } from '../config/schema.ts';
import { errorCode } from '../outlets/error-code.ts';

/**
 * The settings as they look before `ready`, for what Electron takes only then, and later to whoever only
 * looks; undefined where they cannot be used. Another process may own and change the file at this moment, so it is left in place whatever it holds,
 * and read again with `readSettings` by whoever owns it.
 */
export function earlySettings(file: string): Settings | undefined {
  try {
    const checked = checkSettings(JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/u, '')));
    return checked.kind === 'ok' ? checked.value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) !== '') return undefined;
    throw error;
  }
}
