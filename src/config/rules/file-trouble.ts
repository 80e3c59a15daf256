import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
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
 * What may be read. `any`: a pipe as well (`<(pass show …)`), for whoever typed its name waits for it and can stop.
 * `regular`: files alone, for one that was chosen in a dialog; a pipe nobody writes to would be waited for unseen,
 * for ever, also by the end of the process.
 */
export type NamedFileKind = 'any' | 'regular';

/**
 * Reads a file that people named, up to one byte over `maxBytes`: a device never ends, and the byte too
 * many tells that the file is too large.
 */
export async function readNamedFile(
  file: string,
  maxBytes: number,
  kind: NamedFileKind = 'any',
): Promise<FileBytes> {
  const refused = (issue: SettingsIssue): FileBytes => ({ kind: 'refused', issues: [issue] });
  const field = showFound(file) ?? '';
  try {
    if (kind === 'regular') {
      const found = await stat(file);
      if (!found.isFile() && !found.isDirectory())
        return refused(settingsIssue(field, undefined, 'settings.rule.file.irregular'));
    }
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(file, { end: maxBytes })) chunks.push(chunk as Buffer);
    return { kind: 'ok', bytes: Buffer.concat(chunks) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return refused(fileIssue(field, error.code));
  }
}
