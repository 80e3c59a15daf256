import type { ImportOptions, ImportResult } from './dotenv.ts';
import { ENV_MAX_BYTES } from './text.ts';
import { readNamedFile, type NamedFileKind } from '../rules/file-trouble.ts';

/**
 * Reads and imports a `.env` file. A file that cannot be read is refused, with one issue that says why and what to do.
 * Loads node-schedule with the rules, so keep it off the start path.
 */
export async function readEnvFile(
  file: string,
  options: ImportOptions = {},
  kind: NamedFileKind = 'any',
): Promise<ImportResult> {
  const read = await readNamedFile(file, ENV_MAX_BYTES, kind);
  if (read.kind === 'refused') return read;
  const { importDotEnv } = await import('./dotenv.ts');
  return importDotEnv(read.bytes.toString('utf8'), options);
}
