import { say } from '../../words/say.ts';
import { isTenant } from '../profile/authority.ts';
import { registrationName, type Credential } from '../credential/credential.ts';
import type { DraftField, DraftIssue, ProfileDraft } from './draft.ts';
import { sayDraftIssue } from './draft-issue.ts';
import { isGuid } from '../../system/guid.ts';
import { holdsSecret, settingsIssue, type PlainRule, type SettingsIssue } from '../rules/issue.ts';
import { isPlaceholder } from '../rules/placeholder.ts';
import { checkProfile } from '../profile/profile-schema.ts';
import type { Profile, Protocol } from '../profile/profile.ts';
import { isLoopbackRedirectUri } from '../profile/redirect-uri.ts';
import { scheduleDraftIssues, scheduleOfDraft } from './schedule-draft.ts';

/** A valid profile, or everything that is wrong with its draft, each at its field. */
export type DraftResult =
  | { readonly kind: 'ok'; readonly profile: Profile }
  | { readonly kind: 'invalid'; readonly issues: readonly DraftIssue[] };

/**
 * Makes a profile from a draft, by the rules of the settings file and of schedules. All errors are listed at once. Loads
 * node-schedule, so import this module only when needed.
 * @param id of the profile that the draft changes, or from `profileIdFor`
 * @param secrets must not appear in the sentences, wherever they were typed by mistake
 */
export function profileOfDraft(
  draft: ProfileDraft,
  id: string,
  secrets: readonly string[] = [],
): DraftResult {
  const hidden = withTrimmed(secrets);
  const scopes = (text: string): readonly string[] => scopesIn(text, draft.protocol);
  const checked = checkProfile(
    {
      id,
      name: draft.name.trim() === '' ? undefined : draft.name,
      protocol: draft.protocol,
      authority: authorityOfText(draft.authority, draft.protocol),
      clientId: draft.clientId,
      redirectUri: draft.redirectUri,
      scopes: scopes(draft.scopes),
      extraScopes: draft.extraScopes
        .split(/[\r\n]+/u)
        .map(scopes)
        .filter((list) => list.length > 0),
      signIn: draft.signIn,
    },
    hidden,
  );
  const ofSchema = checked.kind === 'ok' ? [] : checked.issues.map((issue) => inForm(issue, draft));
  const mixedUp = fieldsWithSecret(draft, hidden);
  const ofRules = [
    ...onceEach(ofSchema.map((issue) => sayDraftIssue(issue, draft.protocol))),
    ...scheduleDraftIssues(draft.schedule, hidden),
  ];
  const issues = [
    ...mixedUp.map((field) =>
      sayDraftIssue(settingsIssue(field, undefined, 'settings.rule.secret-elsewhere'), draft.protocol),
    ),
    // Other errors in such a field can wait.
    ...ofRules.filter(({ field }) => !mixedUp.includes(field)),
  ];
  return checked.kind === 'ok' && issues.length === 0
    ? { kind: 'ok', profile: { ...checked.value, schedule: scheduleOfDraft(draft.schedule) } }
    : { kind: 'invalid', issues };
}

/** A shorter secret, which only tests have, could be a word in a client ID or a scope. */
const TOLD_SECRET_MIN_CHARACTERS = 8;

/** The fields into which the user types text. */
const TYPED_FIELDS: readonly DraftField[] = [
  'name',
  'authority',
  'clientId',
  'redirectUri',
  'scopes',
  'extraScopes',
  'schedule.at',
  'schedule.cron',
  'schedule.timeZone',
];

/** The fields that contain a given secret or one of Entra's form, which would be stored and shown there. */
function fieldsWithSecret(
  { schedule, ...draft }: ProfileDraft,
  secrets: readonly string[],
): readonly DraftField[] {
  const long = secrets.filter((secret) => secret.length >= TOLD_SECRET_MIN_CHARACTERS);
  const texts: Readonly<Partial<Record<string, unknown>>> = {
    ...draft,
    ...Object.fromEntries(Object.entries(schedule).map(([part, text]) => [`schedule.${part}`, text])),
  };
  return TYPED_FIELDS.filter((field) => {
    const text = texts[field];
    return typeof text === 'string' && holdsSecret(text, long);
  });
}

/** Warnings about a valid profile. */
export function warningsOfProfile({ redirectUri }: Profile): readonly string[] {
  return redirectUri.startsWith('https:') && isLoopbackRedirectUri(redirectUri)
    ? [say('settings.warning.redirect-https')]
    : [];
}

/** Problems with a client secret as typed. No message quotes any part of it. */
export function secretIssues(secret: string): readonly DraftIssue[] {
  const text = secret.trim();
  if (text === '') return [credentialIssue('settings.rule.secret.empty')];
  if (/\s/u.test(text)) return [credentialIssue('settings.rule.secret.spaces')];
  return isPlaceholder(text) ? [credentialIssue('settings.rule.env.placeholder')] : [];
}

/** Warnings about a client secret as typed. */
export function secretWarnings(secret: string): readonly string[] {
  return isGuid(secret.trim()) ? [say('settings.warning.secret-id.typed')] : [];
}

/**
 * Why the stored credential cannot be kept: there is none, or it belongs to another registration than the draft's, to
 * which it is never sent (credential.ts).
 * @param before the profile that the draft changes; undefined for a new one
 * @param stored the kind of the stored credential
 */
export function storedCredentialIssues(
  profile: Profile,
  before: Profile | undefined,
  stored: Credential['kind'] | 'none',
): readonly DraftIssue[] {
  if (before === undefined || stored === 'none') return [credentialIssue('settings.rule.credential.none')];
  if (registrationName(before) === registrationName(profile)) return [];
  const { clientId, authority } = before;
  const issue = settingsIssue('credential', undefined, 'settings.rule.credential.elsewhere', {
    clientId,
    authority,
  });
  return [sayDraftIssue(issue, profile.protocol)];
}

function credentialIssue(rule: PlainRule): DraftIssue {
  return sayDraftIssue(settingsIssue('credential', undefined, rule), 'entra');
}

/** A copied secret often includes a space, which is missing where it was typed elsewhere. */
function withTrimmed(secrets: readonly string[]): readonly string[] {
  return secrets.flatMap((secret) => [secret, secret.trim()]);
}

/**
 * Typed or pasted scopes, separated by spaces or line breaks. For Entra also by commas, which may be part of another
 * provider's scope (RFC 6749 3.3). Without duplicates.
 */
function scopesIn(text: string, protocol: Protocol): readonly string[] {
  const separator = protocol === 'entra' ? /[\s,]+/u : /\s+/u;
  return [...new Set(text.split(separator).filter((scope) => scope !== ''))];
}

/**
 * Hosts that users write without `https://`: Entra's in the public and national clouds, External ID and B2C. Any other
 * name with dots is a tenant's domain.
 */
const LOGIN_HOST =
  /^(?:login\.(?:microsoftonline\.(?:com|us|de)|partner\.microsoftonline\.cn|windows\.net|microsoft\.com)|[a-z0-9-]+\.(?:ciamlogin|b2clogin)\.com)$/iu;

/** The authority meant by the form's text; a text that means none is left for the rules to refuse. */
function authorityOfText(text: string, protocol: Protocol): string {
  const trimmed = text.trim().replace(/\/+$/u, '');
  if (protocol === 'oidc' || trimmed.includes('://')) return text.trim();
  const [host = ''] = trimmed.split('/');
  if (LOGIN_HOST.test(host)) return `https://${trimmed}`;
  return isTenant(trimmed) ? `https://login.microsoftonline.com/${trimmed}` : text.trim();
}

/** The rule mentions only an address, but the form also accepts a tenant. */
function inForm(issue: SettingsIssue, { protocol, authority }: ProfileDraft): SettingsIssue {
  const isTenantField = issue.field === 'authority' && protocol === 'entra' && !authority.includes('://');
  return isTenantField && issue.rule === 'settings.rule.authority'
    ? settingsIssue(issue.field, issue.found, 'settings.rule.tenant-or-address')
    : issue;
}

function onceEach(issues: readonly DraftIssue[]): readonly DraftIssue[] {
  const known = new Map(issues.map((issue) => [`${issue.field} ${issue.sentence}`, issue]));
  return [...known.values()];
}
