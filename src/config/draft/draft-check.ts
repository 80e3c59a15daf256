import { say } from '../../words/say.ts';
import { isTenant } from '../profile/authority.ts';
import { registrationName, type Credential } from '../credential/credential.ts';
import type { DraftField, DraftIssue, ProfileDraft } from './draft.ts';
import { sayDraftIssue } from './draft-issue.ts';
import { isGuid } from '../../system/guid.ts';
import { holdsSecret, settingsIssue, type SettingsIssue } from '../rules/issue.ts';
import { isPlaceholder } from '../rules/placeholder.ts';
import { checkProfile } from '../profile/profile-schema.ts';
import type { Profile, Protocol } from '../profile/profile.ts';
import { isLoopbackRedirectUri } from '../profile/redirect-uri.ts';
import { scheduleDraftIssues, scheduleOfDraft } from './schedule-draft.ts';

/** A profile that may be stored, or everything that is wrong with its draft, each at its field. */
export type DraftResult =
  | { readonly kind: 'ok'; readonly profile: Profile }
  | { readonly kind: 'invalid'; readonly issues: readonly DraftIssue[] };

/**
 * Makes the profile of a draft, by the rules of the settings file and of the schedules. Everything wrong is listed
 * at once. Loads node-schedule: import this module when it is needed.
 * @param id of the profile that the draft changes, or by `profileIdFor`
 * @param secrets are kept out of the sentences, wherever they were typed by mistake
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
    // What else is wrong there is of no interest before.
    ...ofRules.filter(({ field }) => !mixedUp.includes(field)),
  ];
  return checked.kind === 'ok' && issues.length === 0
    ? { kind: 'ok', profile: { ...checked.value, schedule: scheduleOfDraft(draft.schedule) } }
    : { kind: 'invalid', issues };
}

/**
 * A shorter secret may well be a word of its client's id or of a scope; nobody but a test has one.
 */
const TOLD_SECRET_MIN_CHARACTERS = 8;

/** Where a secret stands, of those that are given or of Entra's form, which would be stored and shown there. */
function fieldsWithSecret(
  { schedule, ...draft }: ProfileDraft,
  secrets: readonly string[],
): readonly DraftField[] {
  const long = secrets.filter((secret) => secret.length >= TOLD_SECRET_MIN_CHARACTERS);
  const texts: readonly (readonly [DraftField, string])[] = [
    ['name', draft.name],
    ['authority', draft.authority],
    ['clientId', draft.clientId],
    ['redirectUri', draft.redirectUri],
    ['scopes', draft.scopes],
    ['extraScopes', draft.extraScopes],
    ...('at' in schedule ? [['schedule.at', schedule.at] as const] : []),
    ...('cron' in schedule ? [['schedule.cron', schedule.cron] as const] : []),
    ...('timeZone' in schedule ? [['schedule.timeZone', schedule.timeZone] as const] : []),
  ];
  return texts.filter(([, text]) => holdsSecret(text, long)).map(([field]) => field);
}

/** What one should know of a profile that may be stored, as sentences. */
export function warningsOfProfile({ redirectUri }: Profile): readonly string[] {
  return redirectUri.startsWith('https:') && isLoopbackRedirectUri(redirectUri)
    ? [say('settings.warning.redirect-https')]
    : [];
}

/** What is wrong with a client secret as it was typed; no sentence holds anything of it. */
export function secretIssues(secret: string): readonly DraftIssue[] {
  const broken = (rule: Parameters<typeof plainIssue>[0]): readonly DraftIssue[] => [plainIssue(rule)];
  const text = secret.trim();
  if (text === '') return broken('settings.rule.secret.empty');
  if (/\s/u.test(text)) return broken('settings.rule.secret.spaces');
  return isPlaceholder(text) ? broken('settings.rule.env.placeholder') : [];
}

/** What one should know of a client secret as it was typed. */
export function secretWarnings(secret: string): readonly string[] {
  return isGuid(secret.trim()) ? [say('settings.warning.secret-id.typed')] : [];
}

/**
 * What is wrong with leaving the stored credential as it is: there is none, or it belongs to another registration
 * than the draft's, to which it is never sent (credential.ts).
 * @param before the profile that the draft changes; undefined for a new one
 * @param stored the kind of what is stored
 */
export function storedCredentialIssues(
  profile: Profile,
  before: Profile | undefined,
  stored: Credential['kind'] | 'none',
): readonly DraftIssue[] {
  if (before === undefined || stored === 'none') return [plainIssue('settings.rule.credential.none')];
  if (registrationName(before) === registrationName(profile)) return [];
  const { clientId, authority } = before;
  const issue = settingsIssue('credential', undefined, 'settings.rule.credential.elsewhere', {
    clientId,
    authority,
  });
  return [sayDraftIssue(issue, profile.protocol)];
}

function plainIssue(
  rule:
    | 'settings.rule.secret.empty'
    | 'settings.rule.secret.spaces'
    | 'settings.rule.env.placeholder'
    | 'settings.rule.credential.none',
): DraftIssue {
  return sayDraftIssue(settingsIssue('credential', undefined, rule), 'entra');
}

/** Who copies a secret often takes a space along, and then types it elsewhere without. */
function withTrimmed(secrets: readonly string[]): readonly string[] {
  return secrets.flatMap((secret) => [secret, secret.trim()]);
}

/**
 * Scopes as they are typed or pasted: with spaces or line breaks between them, and commas where it is Entra's: in
 * others a comma may be a part of a scope (RFC 6749 3.3). Each counts once.
 */
function scopesIn(text: string, protocol: Protocol): readonly string[] {
  const between = protocol === 'entra' ? /[\s,]+/u : /\s+/u;
  return [...new Set(text.split(between).filter((scope) => scope !== ''))];
}

/**
 * Hosts that people write without `https://`: Entra's own in the public and the national clouds, External ID and
 * B2C. Any other name with dots is the domain of a tenant.
 */
const LOGIN_HOST =
  /^(?:login\.(?:microsoftonline\.(?:com|us|de)|partner\.microsoftonline\.cn|windows\.net|microsoft\.com)|[a-z0-9-]+\.(?:ciamlogin|b2clogin)\.com)$/iu;

/** The authority that a text of the form means; what means none is left as it is, for the rules to refuse. */
function authorityOfText(text: string, protocol: Protocol): string {
  const trimmed = text.trim().replace(/\/+$/u, '');
  if (protocol === 'oidc' || trimmed.includes('://')) return text.trim();
  const [host = ''] = trimmed.split('/');
  if (LOGIN_HOST.test(host)) return `https://${trimmed}`;
  return isTenant(trimmed) ? `https://login.microsoftonline.com/${trimmed}` : text.trim();
}

/** The rules speak of an address; the form takes a tenant as well. */
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
