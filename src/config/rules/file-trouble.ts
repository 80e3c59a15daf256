import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import {
  refuse,
  settingsIssue,
  showFound,
  type PlainRule,
  type Refused,
  type SettingsIssue,
} from './issue.ts';

/** Whether an error is from the file system, with a code like `ENOENT`. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/**
 * Why a file cannot be read, in words and with the next step.
 * @param field the name under which the user gave the file
 * @param code the file system's error code, like `ENOENT`
 */
export function fileIssue(field: string, code: string): SettingsIssue {
  const rule = FILE_RULES[code];
  return rule === undefined
    ? settingsIssue(field, undefined, 'settings.rule.file.other', { detail: code })
    : settingsIssue(field, undefined, rule);
}

const FILE_RULES: Readonly<Partial<Record<string, PlainRule>>> = {
  ENOENT: 'settings.rule.file.absent',
  ENOTDIR: 'settings.rule.file.absent',
  EACCES: 'settings.rule.file.forbidden',
  EPERM: 'settings.rule.file.forbidden',
  EISDIR: 'settings.rule.file.directory',
};

/** A file's bytes, at most one more than requested, or why they cannot be read. */
export type FileBytes = { readonly kind: 'ok'; readonly bytes: Buffer } | Refused;

/**
 * What may be read. `any`: also a pipe (`<(pass show …)`), because a user who typed its name waits for it and can
 * interrupt. `regular`: only regular files, for a file chosen in a dialog; reading a pipe without a writer would wait
 * forever, invisibly, and delay the exit of the process.
 */
export type NamedFileKind = 'any' | 'regular';

/**
 * Reads a file named by the user, up to one byte more than `maxBytes`: a device may be endless, and the extra byte shows
 * that the file is too large.
 */
export async function readNamedFile(
  file: string,
  maxBytes: number,
  kind: NamedFileKind = 'any',
): Promise<FileBytes> {
  const field = showFound(file) ?? '';
  try {
    if (kind === 'regular') {
      const found = await stat(file);
      if (!found.isFile() && !found.isDirectory())
        return refuse(field, undefined, 'settings.rule.file.irregular');
    }
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(file, { end: maxBytes })) chunks.push(chunk as Buffer);
    return { kind: 'ok', bytes: Buffer.concat(chunks) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: 'refused', issues: [fileIssue(field, error.code)] };
  }
}
