import { createReadStream } from 'node:fs';
import { settingsIssue, showFound, type SettingsIssue } from './issue.ts';

/** Whether an error is the file system's own, with a code like `ENOENT`. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/**
 * Why a file cannot be read, in words and with the next step.
 * @param field what people called the file
 * @param code the file system's, like `ENOENT`
 */
export function fileIssue(field: string, code: string): SettingsIssue {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return settingsIssue(field, undefined, 'settings.rule.file.absent');
    case 'EACCES':
    case 'EPERM':
      return settingsIssue(field, undefined, 'settings.rule.file.forbidden');
    case 'EISDIR':
      return settingsIssue(field, undefined, 'settings.rule.file.directory');
    default:
      return settingsIssue(field, undefined, 'settings.rule.file.other', { detail: code });
  }
}

/** A file's bytes, at most one more than were asked for; or why there are none. */
export type FileBytes =
  | { readonly kind: 'ok'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly issues: readonly SettingsIssue[] };

/**
 * Reads a file that people named, up to one byte over `maxBytes`: a device never ends, and the byte too
 * many tells that the file is too large. A pipe (`<(pass show …)`) is read like a file.
 */
export async function readNamedFile(file: string, maxBytes: number): Promise<FileBytes> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(file, { end: maxBytes })) chunks.push(chunk as Buffer);
    return { kind: 'ok', bytes: Buffer.concat(chunks) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: 'refused', issues: [fileIssue(showFound(file) ?? '', error.code)] };
  }
}
