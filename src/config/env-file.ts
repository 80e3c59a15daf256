import { readFile, stat } from 'node:fs/promises';
import type { ImportOptions, ImportResult } from './dotenv.ts';
import { ENV_MAX_BYTES } from './env-text.ts';

/**
 * Reads a `.env` file and everything that it says. node-schedule is loaded with the rules, so keep it
 * off the start path. Rejects with the file system's error when the file cannot be read.
 */
export async function readEnvFile(file: string, options: ImportOptions = {}): Promise<ImportResult> {
  const { size } = await stat(file);
  // One byte over the limit is enough for the import to refuse it in its own words.
  const text = size > ENV_MAX_BYTES ? '#'.repeat(ENV_MAX_BYTES + 1) : await readFile(file, 'utf8');
  const { importDotEnv } = await import('./dotenv.ts');
  return importDotEnv(text, options);
}
