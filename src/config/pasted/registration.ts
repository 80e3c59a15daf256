import { Secret } from '../../system/secret.ts';
import { say } from '../../words/say.ts';
import { isRecord } from '../rules/checked.ts';
import { authorityText, type DraftField, type ProfileDraft } from '../draft/draft.ts';
import { draftFieldLabel } from '../draft/draft-issue.ts';
import { isGuid } from '../../system/guid.ts';
import { ENV_MAX_BYTES, isBinary } from '../env/text.ts';
import { holdsSecret, sayIssue, type SettingsIssue } from '../rules/issue.ts';
import { readPastedEnv } from './env.ts';
import { parseRelaxedJson, readPastedJson } from './json.ts';
import { readPastedLines } from './lines.ts';
import { ofText, type Pasted, type PastedFields } from './pasted.ts';

/** The registration found in a text. */
export type PastedRegistration =
  | {
      readonly kind: 'read';
      /** The form fields found in the text, as written; the form checks them. */
      readonly fields: Partial<Omit<ProfileDraft, 'schedule'>>;
      readonly secret: Secret | undefined;
      /** What was understood and what was not; contains nothing secret. */
      readonly sentences: readonly string[];
    }
  | { readonly kind: 'refused'; readonly sentences: readonly string[] };

/** The minimum of a registration, in the order of the form. */
const REQUIRED = [
  'authority',
  'clientId',
  'credential',
  'redirectUri',
] as const satisfies readonly DraftField[];

/**
 * Reads a registration from text: a `.env` file, the lines of the portal's Overview page (in English), the JSON output of
 * `az ad app create`, `az ad app show` or `az ad sp create-for-rbac`, or the `AzureAd` section of an `appsettings.json`.
 * Missing parts are listed, but are not an error. At most 1 MB, in linear time.
 */
export function readPasted(text: string): PastedRegistration {
  if (Buffer.byteLength(text) > ENV_MAX_BYTES) return refused(ofText('settings.rule.env.too-large'));
  if (isBinary(text)) return refused(ofText('settings.rule.env.binary'));
  const pasted = read(text.replace(/^\uFEFF/u, ''));
  if (pasted.kind === 'refused') return refused(...pasted.issues);
  const { secret } = pasted;
  const entries = Object.entries(pasted.fields);
  // A secret entered in the wrong field would be visible there and be sent to the page.
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
  const isThere = (field: (typeof REQUIRED)[number]): boolean =>
    field === 'credential' ? secret !== undefined : fields[field] !== undefined;
  const found = REQUIRED.filter(isThere).map(label);
  if (fields.name !== undefined) found.unshift(label('name'));
  if (fields.scopes !== undefined) found.push(label('scopes'));
  const missing = REQUIRED.filter((field) => !isThere(field)).map(label);
  return [
    ...(found.length > 0 ? [say('settings.pasted.found', { names: found.join(', ') })] : []),
    ...(missing.length > 0 ? [say('settings.pasted.missing', { names: missing.join(', ') })] : []),
  ];
}

function refused(...issues: readonly SettingsIssue[]): PastedRegistration {
  return { kind: 'refused', sentences: issues.map(sayIssue) };
}
