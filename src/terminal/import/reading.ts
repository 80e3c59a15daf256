import path from 'node:path';
import type { Credential } from '../../config/credential/credential.ts';
import { certificateKeysOf } from '../../config/credential/certificate.ts';
import { readAssertionFile, readCertificateFiles } from '../../config/credential/credential-files.ts';
import type { ImportFields, ImportWarning } from '../../config/env/dotenv.ts';
import { readEnvFile } from '../../config/env/env-file.ts';
import { keepUnnamed } from '../../config/env/reimport.ts';
import type { Profile, Schedule } from '../../config/profile/profile.ts';
import type { SettingsIssue } from '../../config/rules/issue.ts';
import type { Registration } from '../../config/settings/registrations.ts';
import type { Parsed } from '../command-line/table.ts';
import type { table } from './command.ts';

type Options = Parsed<typeof table>;

/** What an import stores. */
export interface ImportOrder extends Registration {
  readonly credential: Credential;
  readonly warnings: readonly ImportWarning[];
}

export type ImportReading =
  | { readonly kind: 'ok'; readonly order: ImportOrder }
  | { readonly kind: 'refused'; readonly file: string; readonly issues: readonly SettingsIssue[] };

/** The options by whose names issues are reported. */
const FIELDS: ImportFields = {
  id: '--profile',
  name: '--name',
  protocol: '--protocol',
  extraScopes: '--extra-scope',
  cron: '--cron',
  at: '--at',
  everyHours: '--every',
  timeZone: '--zone',
};

/**
 * Reads the files of an import, and checks them together with its options. What the import does not specify of a
 * registration that exists stays as it is. Stores nothing.
 */
export async function readImportFiles(
  options: Options,
  profiles: readonly Profile[],
): Promise<ImportReading> {
  const { file, prefix, profile: id, name, protocol = 'entra', signIn } = options;
  const given = await readCredential(options);
  if (given?.kind === 'refused') return given;
  const schedule = scheduleOf(options);
  const extraScopes = options.extraScope ?? [];
  const imported = await readEnvFile(file, {
    schedule,
    prefix,
    profile: { id, name, protocol, extraScopes, signIn },
    credential: given?.credential,
    fields: FIELDS,
  });
  if (imported.kind === 'refused') return { ...imported, file };
  const { credential, warnings } = imported;
  const named = Object.entries({ name, extraScopes: options.extraScope, schedule, signIn } as const)
    .filter(([, value]) => value !== undefined)
    .map(([field]) => field as 'name' | 'extraScopes' | 'schedule' | 'signIn');
  const profile = keepUnnamed(imported.profile, named, profiles);
  const { tokenFile, tokenFileFormat: format = 'bare' } = options;
  const tokenFiles =
    tokenFile === undefined
      ? undefined
      : [{ path: path.resolve(tokenFile), format, profile: profile.id, scopes: undefined }];
  const rank = options.default ? 'default' : 'further';
  const replaces = id === undefined ? 'same' : 'any';
  return { kind: 'ok', order: { profile, credential, rank, tokenFiles, replaces, warnings } };
}

function scheduleOf({ at, cron, every, zone }: Options): Schedule | undefined {
  const timeZone = zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (at !== undefined) return { at, timeZone };
  if (every !== undefined) return { everyHours: every, timeZone };
  return cron === undefined ? undefined : { cron, timeZone };
}

/** undefined if the `.env` file contains the secret. */
async function readCredential({
  protocol = 'entra',
  certificate,
  key,
  assertionFile,
}: Options): Promise<
  | { readonly kind: 'ok'; readonly credential: Credential }
  | Extract<ImportReading, { kind: 'refused' }>
  | undefined
> {
  const file = certificate ?? assertionFile;
  if (file === undefined) return undefined;
  const read =
    certificate === undefined
      ? await readAssertionFile(path.resolve(file), '--assertion-file')
      : await readCertificateFiles(
          { certificate, key },
          { certificate: '--certificate', key: '--key' },
          'any',
          certificateKeysOf(protocol),
        );
  return read.kind === 'ok' ? read : { ...read, file };
}
