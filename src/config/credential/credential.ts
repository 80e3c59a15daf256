import * as v from 'valibot';
import { parseJson } from '../../system/json.ts';
import { Secret } from '../../system/secret.ts';
import { VaultError, type Vault, type VaultItem } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import { partsOfAuthority } from '../profile/authority.ts';
import type { Profile } from '../profile/profile.ts';

/** How the client authenticates to the authority. */
export type Credential =
  | { readonly kind: 'secret'; readonly secret: Secret }
  | {
      readonly kind: 'certificate';
      /** PEM: the leaf first, then the rest of the chain, if any. */
      readonly certificate: string;
      /** PKCS#8 or PKCS#1 PEM, not encrypted; the vault protects it. */
      readonly privateKey: Secret;
    }
  /** A file with a signed JWT that another program keeps fresh (RFC 7523; workload identity federation). */
  | { readonly kind: 'assertion-file'; readonly path: string };

const text = v.pipe(v.string(), v.nonEmpty());

/** A credential in clear text, as stored and as sent over the private socket. */
export const revealedCredentialSchema = v.variant('kind', [
  v.object({ kind: v.literal('secret'), secret: text }),
  v.object({ kind: v.literal('certificate'), certificate: text, privateKey: text }),
  v.object({ kind: v.literal('assertion-file'), path: text }),
]);
export type RevealedCredential = v.InferOutput<typeof revealedCredentialSchema>;

/** The stored form: the credential and the registration to which it is bound. */
const recordSchema = v.object({
  version: v.literal(1),
  origin: v.string(),
  tenant: v.string(),
  clientId: v.string(),
  importedAt: v.number(),
  credential: revealedCredentialSchema,
});
/** Written by a newer version of Tokentray: not damaged, and not to be changed. */
const newerSchema = v.object({ version: v.pipe(v.number(), v.minValue(2)) });
type CredentialRecord = v.InferOutput<typeof recordSchema>;

/** `bound-elsewhere`: there is one, but the authority, tenant or client has changed since it was imported. */
export type StoredCredential =
  | {
      readonly kind: 'credential';
      readonly credential: Credential;
      /** Milliseconds since the epoch. */
      readonly importedAt: number;
    }
  | { readonly kind: 'none'; /** The new name of an unreadable record. */ readonly setAsideAs?: string }
  | { readonly kind: 'bound-elsewhere' };

type Binding = Pick<CredentialRecord, 'origin' | 'tenant' | 'clientId'>;
type Registered = Pick<Profile, 'authority' | 'protocol' | 'clientId'>;

/**
 * Authority and client in one text: the registration to which a credential and a session belong. Equal for two profiles
 * that are the same to the authority, regardless of case where the authority ignores it.
 */
export function registrationName(profile: Registered): string {
  const { origin, tenant, clientId } = bindingOf(profile);
  return `${tenant === '' ? origin : `${origin}/${tenant}`} ${clientId}`;
}

function bindingOf(profile: Registered): Binding {
  const { authority, protocol, clientId } = profile;
  return {
    ...partsOfAuthority(authority, protocol),
    // A GUID is not case-sensitive; another provider's client ID is opaque (RFC 6749 2.2).
    clientId: protocol === 'entra' ? clientId.toLowerCase() : clientId,
  };
}

/** The name of the vault's item with a profile's credential. */
export function credentialItem(profile: Pick<Profile, 'id'>): string {
  return `${profile.id}/credential`;
}

/** The credential in clear text, only for the vault and the private socket. */
export function revealCredential(credential: Credential): RevealedCredential {
  switch (credential.kind) {
    case 'secret':
      return { kind: 'secret', secret: credential.secret.reveal() };
    case 'certificate':
      return { ...credential, privateKey: credential.privateKey.reveal() };
    case 'assertion-file':
      return credential;
  }
}

/** The credential with its secret parts hidden. */
export function hideCredential(credential: RevealedCredential): Credential {
  switch (credential.kind) {
    case 'secret':
      return { kind: 'secret', secret: new Secret(credential.secret) };
    case 'certificate':
      return { ...credential, privateKey: new Secret(credential.privateKey) };
    case 'assertion-file':
      return credential;
  }
}

function readRecord(content: string): CredentialRecord | undefined {
  const record = parseJson(content);
  const result = v.safeParse(recordSchema, record);
  if (result.success) return result.output;
  if (v.is(newerSchema, record)) throw new VaultError(say('storage.newer'));
  return undefined;
}

/**
 * Stores the credential, bound to the authority's origin, the tenant and the client ID that the profile has now.
 * Rejects with `VaultError`.
 * @param now milliseconds since the epoch, from which `tokentray doctor` tells a secret's age
 */
export async function saveCredential(
  vault: Vault,
  profile: Profile,
  credential: Credential,
  now: number = Date.now(),
): Promise<void> {
  const record: CredentialRecord = {
    version: 1,
    ...bindingOf(profile),
    importedAt: now,
    credential: revealCredential(credential),
  };
  await vault.item(credentialItem(profile)).save(JSON.stringify(record));
}

/**
 * The credential of the profile, only if the profile is still the registration for which it was stored: an imported
 * file or a changed environment must not send the secret to another authority. A record that cannot be read is set
 * aside, except if a newer version wrote it. Rejects with `VaultError`.
 * @param now milliseconds since the epoch, for the name of a record that is set aside
 */
export async function loadCredential(
  vault: Vault,
  profile: Profile,
  now: number = Date.now(),
): Promise<StoredCredential> {
  const found = await lookAtCredential(vault, profile);
  if (found.kind !== 'damaged') return found;
  return { kind: 'none', setAsideAs: await vault.item(credentialItem(profile)).quarantine(now) };
}

/** Like {@link loadCredential}, but read-only: a record that cannot be read stays where it is. */
export async function lookAtCredential(
  vault: Vault,
  profile: Profile,
): Promise<StoredCredential | { readonly kind: 'damaged' }> {
  // Content that the store can no longer decrypt (DPAPI after a password reset) counts as damaged too.
  const content = await contentOf(vault.item(credentialItem(profile)));
  if (content === undefined) return { kind: 'none' };
  const record = content === null ? undefined : readRecord(content);
  if (record === undefined) return { kind: 'damaged' };
  const { origin, tenant, clientId } = bindingOf(profile);
  return record.origin === origin && record.tenant === tenant && record.clientId === clientId
    ? { kind: 'credential', credential: hideCredential(record.credential), importedAt: record.importedAt }
    : { kind: 'bound-elsewhere' };
}

/** The stored text; null if the store can no longer make sense of it. Rejects with other `VaultError`s. */
export async function contentOf(item: VaultItem): Promise<string | null | undefined> {
  try {
    return await item.load();
  } catch (error) {
    if (error instanceof VaultError && error.kind === 'corrupt') return null;
    throw error;
  }
}
