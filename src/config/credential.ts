import * as v from 'valibot';
import { Secret } from '../vault/secret.ts';
import { VaultError, type Vault, type VaultItem } from '../vault/vault.ts';
import { partsOfAuthority } from './authority.ts';
import type { Profile } from './profile.ts';

/** The stored form: the secret beside what it belongs to. */
const recordSchema = v.object({
  version: v.literal(1),
  origin: v.string(),
  tenant: v.string(),
  clientId: v.string(),
  secret: v.pipe(v.string(), v.nonEmpty()),
});
type CredentialRecord = v.InferOutput<typeof recordSchema>;

/** `bound-elsewhere`: there is a secret, but authority, tenant or client have changed since it was imported. */
export type StoredClientSecret =
  | { readonly kind: 'secret'; readonly secret: Secret }
  | { readonly kind: 'none'; /** Where an unreadable record went. */ readonly setAsideAs?: string }
  | { readonly kind: 'bound-elsewhere' };

type Binding = Pick<CredentialRecord, 'origin' | 'tenant' | 'clientId'>;

function bindingOf(profile: Profile): Binding {
  return { ...partsOfAuthority(profile.authority), clientId: profile.clientId.toLowerCase() };
}

function itemOf(vault: Vault, profile: Profile): VaultItem {
  return vault.item(`${profile.id}/client-secret`);
}

/** JSON's own error quotes the text it failed on, so it goes no further than here. */
function readRecord(text: string): CredentialRecord | undefined {
  try {
    const result = v.safeParse(recordSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Stores the client secret, bound to the authority's origin, the tenant and the client id of the
 * profile as it is now. Rejects with `VaultError`.
 */
export async function saveClientSecret(vault: Vault, profile: Profile, secret: Secret): Promise<void> {
  const record: CredentialRecord = { version: 1, ...bindingOf(profile), secret: secret.reveal() };
  await itemOf(vault, profile).save(JSON.stringify(record));
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
 * The client secret of the profile, given only for what it was stored for: whoever changes the
 * authority in a file or the environment does not get it sent there (DESIGN, Threats). A record that
 * cannot be read is set aside. Rejects with `VaultError`.
 * @param now milliseconds since the epoch, for the name of what is set aside
 */
export async function loadClientSecret(
  vault: Vault,
  profile: Profile,
  now: number = Date.now(),
): Promise<StoredClientSecret> {
  const item = itemOf(vault, profile);
  const text = await loadText(item);
  if (text === undefined) return { kind: 'none' };
  const record = text === 'damaged' ? undefined : readRecord(text.content);
  if (record === undefined) return { kind: 'none', setAsideAs: await item.quarantine(now) };
  const { origin, tenant, clientId } = bindingOf(profile);
  return record.origin === origin && record.tenant === tenant && record.clientId === clientId
    ? { kind: 'secret', secret: new Secret(record.secret) }
    : { kind: 'bound-elsewhere' };
}
