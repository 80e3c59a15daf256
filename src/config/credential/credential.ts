import * as v from 'valibot';
import { Secret } from '../../system/secret.ts';
import { VaultError, type Vault, type VaultItem } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import { partsOfAuthority } from '../profile/authority.ts';
import type { Profile } from '../profile/profile.ts';

/** How the client proves to the authority that it is itself. */
export type Credential =
  | { readonly kind: 'secret'; readonly secret: Secret }
  | {
      readonly kind: 'certificate';
      /** PEM; the leaf first, the rest of the chain (if any) after it. */
      readonly certificate: string;
      /** PKCS#8 or PKCS#1 PEM, not encrypted: the vault is what keeps it. */
      readonly privateKey: Secret;
    }
  /** A file that another program keeps fresh with a signed JWT (RFC 7523; workload identity federation). */
  | { readonly kind: 'assertion-file'; readonly path: string };

const text = v.pipe(v.string(), v.nonEmpty());

/** A credential as it is stored, and as it goes over the private socket: in clear text. */
export const revealedCredentialSchema = v.variant('kind', [
  v.object({ kind: v.literal('secret'), secret: text }),
  v.object({ kind: v.literal('certificate'), certificate: text, privateKey: text }),
  v.object({ kind: v.literal('assertion-file'), path: text }),
]);
export type RevealedCredential = v.InferOutput<typeof revealedCredentialSchema>;

/** The stored form: the credential beside what it belongs to. */
const recordSchema = v.object({
  version: v.literal(1),
  origin: v.string(),
  tenant: v.string(),
  clientId: v.string(),
  importedAt: v.number(),
  credential: revealedCredentialSchema,
});
/** What a version of Tokentray that is yet to come has written: not damaged, and not to be touched. */
const newerSchema = v.object({ version: v.pipe(v.number(), v.minValue(2)) });
type CredentialRecord = v.InferOutput<typeof recordSchema>;

/** `bound-elsewhere`: there is one, but authority, tenant or client have changed since it was imported. */
export type StoredCredential =
  | {
      readonly kind: 'credential';
      readonly credential: Credential;
      /** Milliseconds since the epoch. */
      readonly importedAt: number;
    }
  | { readonly kind: 'none'; /** Where an unreadable record went. */ readonly setAsideAs?: string }
  | { readonly kind: 'bound-elsewhere' };

type Binding = Pick<CredentialRecord, 'origin' | 'tenant' | 'clientId'>;
type Registered = Pick<Profile, 'authority' | 'protocol' | 'clientId'>;

/**
 * Authority and client in one text: what a credential and a session belong to. Two profiles have the same
 * where the authority knows them as one, in whatever letters they were written.
 */
export function registrationName(profile: Registered): string {
  const { origin, tenant, clientId } = bindingOf(profile);
  return `${tenant === '' ? origin : `${origin}/${tenant}`} ${clientId}`;
}

function bindingOf(profile: Registered): Binding {
  const { authority, protocol, clientId } = profile;
  return {
    ...partsOfAuthority(authority, protocol),
    // A GUID is the same in capitals; another provider's client id is not (RFC 6749 2.2 leaves it opaque).
    clientId: protocol === 'entra' ? clientId.toLowerCase() : clientId,
  };
}

/** The name of the vault's item that holds a profile's credential. */
export function credentialItem(profile: Pick<Profile, 'id'>): string {
  return `${profile.id}/credential`;
}

/** The credential in clear text, for the vault and the private socket only. */
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

/** The credential with what is secret about it put away. */
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

/** JSON's own error quotes the text it failed on, so it goes no further than here. */
function readRecord(content: string): CredentialRecord | undefined {
  try {
    const record: unknown = JSON.parse(content);
    const result = v.safeParse(recordSchema, record);
    if (result.success) return result.output;
    if (v.is(newerSchema, record)) throw new VaultError(say('storage.newer'));
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Stores the credential, bound to the authority's origin, the tenant and the client id of the profile as
 * it is now. Rejects with `VaultError`.
 * @param now milliseconds since the epoch: a secret's age is what `tokentray doctor` can tell of it
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

/** What the store itself cannot make sense of any more (DPAPI after a password reset) is damaged too. */
async function loadText(item: VaultItem): Promise<{ readonly content: string } | 'damaged' | undefined> {
  try {
    const content = await item.load();
    return content === undefined ? undefined : { content };
  } catch (error) {
    if (error instanceof VaultError && error.kind === 'corrupt') return 'damaged';
    throw error;
  }
}

/**
 * The credential of the profile, given only for what it was stored for: whoever changes the authority in
 * a file or the environment does not get it sent there (DESIGN, Threats). A record that cannot be read is
 * set aside, but for one that a newer version wrote. Rejects with `VaultError`.
 * @param now milliseconds since the epoch, for the name of what is set aside
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

/** {@link loadCredential} for who looks and changes nothing: what cannot be read stays where it is. */
export async function lookAtCredential(
  vault: Vault,
  profile: Profile,
): Promise<StoredCredential | { readonly kind: 'damaged' }> {
  const found = await loadText(vault.item(credentialItem(profile)));
  if (found === undefined) return { kind: 'none' };
  const record = found === 'damaged' ? undefined : readRecord(found.content);
  if (record === undefined) return { kind: 'damaged' };
  const { origin, tenant, clientId } = bindingOf(profile);
  return record.origin === origin && record.tenant === tenant && record.clientId === clientId
    ? { kind: 'credential', credential: hideCredential(record.credential), importedAt: record.importedAt }
    : { kind: 'bound-elsewhere' };
}
