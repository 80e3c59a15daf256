import { Secret } from '../../system/secret.ts';
import { say } from '../../words/say.ts';
import { isRecord } from '../rules/checked.ts';
import { authorityText, type DraftField, type ProfileDraft } from '../draft/draft.ts';
import { draftFieldLabel } from '../draft/draft-issue.ts';
import { isGuid } from '../../system/guid.ts';
import { ENV_MAX_BYTES } from '../env/text.ts';
import { holdsSecret, sayIssue, settingsIssue, type PlainRule, type SettingsIssue } from '../rules/issue.ts';
import { readPastedEnv } from './env.ts';
import { parseRelaxedJson, readPastedJson } from './json.ts';
import { readPastedLines } from './lines.ts';
import type { Pasted, PastedFields } from './pasted.ts';

/** What a text says of a registration. */
export type PastedRegistration =
  | {
      readonly kind: 'read';
      /** The fields of the form that the text has; as it has them, for the form's own rules to judge. */
      readonly fields: Partial<Omit<ProfileDraft, 'schedule'>>;
      readonly secret: Secret | undefined;
      /** What was understood and what not; nothing in them is secret. */
      readonly sentences: readonly string[];
    }
  | { readonly kind: 'refused'; readonly sentences: readonly string[] };

/** What a registration has at least, in the order of the form. */
const WANTED = [
  'authority',
  'clientId',
  'credential',
  'redirectUri',
] as const satisfies readonly DraftField[];

/**
 * Reads what people have at hand of a registration: a `.env` file, the lines of the portal's Overview page (in
 * English), the JSON of `az ad app create`, `az ad app show`, `az ad sp create-for-rbac`, or the `AzureAd` section
 * of an `appsettings.json`. What is missing is said, and is no error. At most 1 MB, in time that grows with the
 * length alone.
 */
export function readPasted(text: string): PastedRegistration {
  if (Buffer.byteLength(text) > ENV_MAX_BYTES) return refused(ofText('settings.rule.env.too-large'));
  // NUL: a binary file, or UTF-16. U+FFFD: it was decoded as UTF-8 but is something else.
  if (/[\0\uFFFD]/u.test(text)) return refused(ofText('settings.rule.env.binary'));
  const pasted = read(text.replace(/^\uFEFF/u, ''));
  if (pasted.kind === 'refused') return refused(...pasted.issues);
  const { secret } = pasted;
  const entries = Object.entries(pasted.fields);
  // Mixed up, a secret would stand in a field for everybody to read, and go to the page.
  const isMixedUp = entries.some(([, value]) => holdsSecret(value, pasted.hidden));
  const fields: PastedFields = Object.fromEntries(
    entries.filter(([, value]) => !holdsSecret(value, pasted.hidden)),
  );
  const issues = isMixedUp ? [...pasted.issues, ofText('settings.rule.pasted.mixed-up')] : pasted.issues;
  if (Object.keys(fields).length === 0 && secret === undefined)
    return refused(...issues, ...(issues.length > 0 ? [] : [ofText('settings.rule.pasted.unknown')]));
  const shown = {
    ...fields,
    ...(fields.authority === undefined ? {} : { authority: authorityText(fields.authority, 'entra') }),
  };
  return {
    kind: 'read',
    fields: shown,
    secret: secret === undefined ? undefined : new Secret(secret),
    sentences: [
      ...sayTaken(fields, secret),
      ...issues.map(sayIssue),
      ...pasted.said,
      ...(secret !== undefined && isGuid(secret) ? [say('settings.warning.secret-id.typed')] : []),
    ],
  };
}

function read(text: string): Pasted {
  const json = /^\s*[[{]/u.test(text) ? parseRelaxedJson(text) : undefined;
  if (isRecord(json) || Array.isArray(json)) return readPastedJson(json);
  return readPastedEnv(text) ?? readPastedLines(text);
}

function sayTaken(fields: Partial<ProfileDraft>, secret: string | undefined): readonly string[] {
  const label = (field: DraftField): string => draftFieldLabel(field, 'entra');
  const isThere = (field: (typeof WANTED)[number]): boolean =>
    field === 'credential' ? secret !== undefined : fields[field] !== undefined;
  const found = WANTED.filter(isThere).map(label);
  if (fields.name !== undefined) found.unshift(label('name'));
  if (fields.scopes !== undefined) found.push(label('scopes'));
  const missing = WANTED.filter((field) => !isThere(field)).map(label);
  return [
    ...(found.length > 0 ? [say('settings.pasted.found', { names: found.join(', ') })] : []),
    ...(missing.length > 0 ? [say('settings.pasted.missing', { names: missing.join(', ') })] : []),
  ];
}

function ofText(rule: PlainRule): SettingsIssue {
  return settingsIssue(say('settings.pasted.text'), undefined, rule);
}

function refused(...issues: readonly SettingsIssue[]): PastedRegistration {
  return { kind: 'refused', sentences: issues.map(sayIssue) };
}
