import type { ProfileDraft } from '../draft/draft.ts';
import { settingsIssue, showFound, type SettingsIssue } from '../rules/issue.ts';
import { holdsPlaceholder, isPlaceholder } from '../rules/placeholder.ts';

/** The fields of a form that a text can say. The authority is an address here, as the settings have it. */
export type PastedFields = Partial<
  Pick<ProfileDraft, 'name' | 'authority' | 'clientId' | 'redirectUri' | 'scopes'>
>;

/** What one way of reading has made of a text. */
export type Pasted =
  | {
      readonly kind: 'read';
      readonly fields: PastedFields;
      /** In clear text, on the way to becoming a `Secret`. */
      readonly secret: string | undefined;
      /** What was not taken over because it is wrong. */
      readonly issues: readonly SettingsIssue[];
      /** What one should know besides. */
      readonly said: readonly string[];
      /** What no field may hold, wherever it was put by mistake. */
      readonly hidden: readonly string[];
    }
  | { readonly kind: 'refused'; readonly issues: readonly SettingsIssue[] };

/** A value under the name that the text has for it. */
export interface Named {
  readonly field: string;
  readonly value: string;
}

/** What a text says of a registration, before anything is made of it. */
export type PastedParts = Readonly<
  Partial<
    Record<
      'name' | 'clientId' | 'tenant' | 'authority' | 'redirectUri' | 'scopes' | 'secret',
      Named | undefined
    >
  >
>;

/** What a value of a registration has at most: an address with room to spare. Longer ones are something else. */
export const VALUE_MAX_CHARACTERS = 2000;

/** Where the tenant goes that stands beside no address. */
const PUBLIC_CLOUD = 'https://login.microsoftonline.com';

/** Makes fields of the parts; what is still the placeholder of a sample is told, and not taken over. */
export function pastedOf(parts: PastedParts, said: readonly string[] = []): Pasted {
  const issues: SettingsIssue[] = [];
  const secrets = parts.secret === undefined ? [] : [parts.secret.value];
  const taken = (part: Named | undefined): string | undefined => {
    const value = part?.value.trim();
    if (part === undefined || value === undefined || value === '') return undefined;
    if (value.length > VALUE_MAX_CHARACTERS) {
      issues.push(tooLongIssue(part.field));
      return undefined;
    }
    const isSecret = part === parts.secret;
    if (!(isSecret ? isPlaceholder(value) : holdsPlaceholder(value))) return value;
    const found = isSecret ? undefined : showFound(value, secrets);
    issues.push(settingsIssue(part.field, found, 'settings.rule.env.placeholder'));
    return undefined;
  };
  const authority = authorityOf(taken(parts.authority), taken(parts.tenant));
  const fields = {
    name: taken(parts.name),
    authority,
    clientId: taken(parts.clientId),
    redirectUri: taken(parts.redirectUri),
    scopes: taken(parts.scopes),
  };
  return {
    kind: 'read',
    fields: withoutGaps(fields),
    secret: taken(parts.secret),
    issues,
    said,
    hidden: secrets,
  };
}

/** @param field what the text calls the value; as long as it wants */
export function tooLongIssue(field: string): SettingsIssue {
  return settingsIssue(showFound(field) ?? '', undefined, 'settings.rule.pasted.too-long', {
    most: VALUE_MAX_CHARACTERS,
  });
}

/** The fields that have a value. */
export function withoutGaps(fields: {
  readonly [Field in keyof PastedFields]: PastedFields[Field] | undefined;
}): PastedFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/**
 * The address of an authority and a tenant, whichever are there: an endpoint's address loses what stands behind
 * the tenant (`/v2.0`, `/oauth2/v2.0/authorize`), an instance gets its tenant.
 */
function authorityOf(address: string | undefined, tenant: string | undefined): string | undefined {
  if (address === undefined) return tenant === undefined ? undefined : `${PUBLIC_CLOUD}/${tenant}`;
  const bare = address
    .replace(/\/(?:oauth2(?:\/v2\.0)?\/(?:authorize|token)|v2\.0(?:\/\.well-known\/[\w-]*)?)\/?$/u, '')
    .replace(/\/$/u, '');
  const isHost = URL.canParse(bare) && new URL(bare).pathname === '/';
  if (!isHost || tenant === undefined) return bare;
  return `${bare}/${tenant}`;
}
