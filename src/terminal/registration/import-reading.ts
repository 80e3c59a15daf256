import path from 'node:path';
import { readAssertionFile, readCertificateFiles } from '../../config/credential/credential-files.ts';
import type { Credential } from '../../config/credential/credential.ts';
import type { ImportFields, ImportWarning } from '../../config/env/dotenv.ts';
import { readEnvFile } from '../../config/env/env-file.ts';
import type { SettingsIssue } from '../../config/rules/issue.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { keepUnnamed, type BesideTheFile } from '../../config/env/reimport.ts';
import type { Registration } from '../../config/settings/registrations.ts';
import type { CredentialSource, ImportCommand } from '../command-line/command.ts';

/** What an import asks to be stored. */
export interface ImportOrder extends Registration {
  readonly credential: Credential;
  readonly warnings: readonly ImportWarning[];
}

export type ImportReading =
  | { readonly kind: 'ok'; readonly order: ImportOrder }
  | { readonly kind: 'refused'; readonly file: string; readonly issues: readonly SettingsIssue[] };

/** What is wrong with an option is complained about under its name. */
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

/** Reads the files that an import names, and checks them together with its options. Stores nothing. */
export async function readImportFiles(command: ImportCommand): Promise<ImportReading> {
  const { file, rank, schedule, prefix, tokenFile } = command;
  const given = await readCredential(command.credential);
  if (given?.kind === 'refused') return given;
  const { profile: id, displayName: name, protocol, extraScopes, signIn } = command;
  const imported = await readEnvFile(file, {
    schedule,
    prefix,
    profile: { id, name, protocol, extraScopes, signIn },
    credential: given?.credential,
    fields: FIELDS,
  });
  if (imported.kind === 'refused') return { ...imported, file };
  const { profile, credential, warnings } = imported;
  const tokenFiles =
    tokenFile === undefined
      ? undefined
      : [{ ...tokenFile, path: path.resolve(tokenFile.path), profile: profile.id, scopes: undefined }];
  const replaces = id === undefined ? 'same' : 'any';
  return { kind: 'ok', order: { profile, credential, rank, tokenFiles, replaces, warnings } };
}

/** The order for a registration that is there already: what its import says nothing of stays as it is. */
export function keepingUnnamed(
  order: ImportOrder,
  command: Pick<ImportCommand, 'displayName' | 'extraScopes' | 'schedule' | 'signIn'>,
  profiles: readonly Profile[],
): ImportOrder {
  const { displayName, extraScopes, schedule, signIn } = command;
  const named: BesideTheFile[] = [];
  if (displayName !== undefined) named.push('name');
  if (extraScopes.length > 0) named.push('extraScopes');
  if (schedule !== undefined) named.push('schedule');
  if (signIn !== undefined) named.push('signIn');
  return { ...order, profile: keepUnnamed(order.profile, named, profiles) };
}

/** undefined where the `.env` file has the secret. */
async function readCredential(
  source: CredentialSource,
): Promise<
  | { readonly kind: 'ok'; readonly credential: Credential }
  | Extract<ImportReading, { kind: 'refused' }>
  | undefined
> {
  if (source.kind === 'env') return undefined;
  const { file } = source;
  const read =
    source.kind === 'certificate'
      ? await readCertificateFiles(
          { certificate: file, key: source.keyFile },
          { certificate: '--certificate', key: '--key' },
        )
      : await readAssertionFile(path.resolve(file), '--assertion-file');
  return read.kind === 'ok' ? read : { ...read, file };
}
