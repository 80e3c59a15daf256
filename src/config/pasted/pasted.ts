import { say } from '../../words/say.ts';
import type { ProfileDraft } from '../draft/draft.ts';
import {
  refuse,
  settingsIssue,
  showFound,
  type PlainRule,
  type Refused,
  type SettingsIssue,
} from '../rules/issue.ts';
import { holdsPlaceholder, isPlaceholder } from '../rules/placeholder.ts';

/** The form fields that a text can contain. The authority is an address here, as in the settings. */
export type PastedFields = Partial<
  Pick<ProfileDraft, 'name' | 'authority' | 'clientId' | 'redirectUri' | 'scopes'>
>;

/** The result of reading a text in one of the supported formats. */
export type Pasted =
  | {
      readonly kind: 'read';
      readonly fields: PastedFields;
      /** In clear text; becomes a `Secret`. */
      readonly secret: string | undefined;
      /** What was left out because it is wrong. */
      readonly issues: readonly SettingsIssue[];
      /** Notes for the user. */
      readonly said: readonly string[];
      /** Secrets that no field may contain, wherever they were entered by mistake. */
      readonly hidden: readonly string[];
    }
  | Refused;

/** A value with its name in the text. */
export interface Named {
  readonly field: string;
  readonly value: string;
}

/** The parts of a registration as found in a text. */
export type PastedParts = {
  readonly [Part in keyof PastedFields | 'tenant' | 'secret']?: Named | undefined;
};

/** Ample for an address; a longer value is something else. */
export const VALUE_MAX_CHARACTERS = 2000;

/** The cloud of a tenant given without an address. */
const PUBLIC_CLOUD = 'https://login.microsoftonline.com';

/** Makes fields of the parts. A sample's placeholder is reported and left out. */
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
  return {
    kind: 'read',
    fields: withoutGaps({
      name: taken(parts.name),
      authority,
      clientId: taken(parts.clientId),
      redirectUri: taken(parts.redirectUri),
      scopes: taken(parts.scopes),
    }),
    secret: taken(parts.secret),
    issues,
    said,
    hidden: secrets,
  };
}

/** @param field the value's name in the text, of any length */
export function tooLongIssue(field: string): SettingsIssue {
  return settingsIssue(showFound(field) ?? '', undefined, 'settings.rule.pasted.too-long', {
    most: VALUE_MAX_CHARACTERS,
  });
}

/** An issue about the whole text. */
export function ofText(rule: PlainRule): SettingsIssue {
  return settingsIssue(say('settings.pasted.text'), undefined, rule);
}

/** Refuses a text with several registrations. */
export function refuseSeveral(names: string): Refused {
  return refuse(say('settings.pasted.text'), undefined, 'settings.rule.pasted.several', {
    names: showFound(names) ?? '',
  });
}

/** The fields that have a value. */
export function withoutGaps(fields: {
  readonly [Field in keyof PastedFields]: PastedFields[Field] | undefined;
}): PastedFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/**
 * The authority from an address and a tenant, as far as given: an endpoint's address is cut off after the tenant
 * (`/v2.0`, `/oauth2/v2.0/authorize`), and the tenant is added to an instance.
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
