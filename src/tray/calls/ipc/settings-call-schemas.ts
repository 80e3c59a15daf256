import * as v from 'valibot';
import type { ProfileDraft, ScheduleDraft } from '../../../config/draft/draft.ts';
import { EVERY_HOURS } from '../../../config/profile/profile.ts';
import type { CallName, Calls, DraftAsked } from '../../../pages/bridge/contract.ts';

/**
 * Ten times what the page's fields accept (pages/form/draft-fields.ts): the rules report a text that is too long at its
 * field, and anything longer than this does not come from our pages. Characters.
 */
const FIELD_MAX_CHARACTERS = 100_000;

/** Ten times the size of a private key with its chain. Characters. */
const SECRET_MAX_CHARACTERS = 100_000;

/** Only limits what is transferred: the reader reports a text that is too large. */
const TEXT_MAX_CHARACTERS = 20_000_000;

const field = v.pipe(v.string(), v.maxLength(FIELD_MAX_CHARACTERS));
/** Copied text may be pasted into a terminal, where a line break runs a command. */
const oneLine = v.pipe(field, v.regex(/^[^\p{Cc}\u2028\u2029]*$/u));
const zoned = { timeZone: field };

const schedule: v.GenericSchema<unknown, ScheduleDraft> = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({ kind: v.literal('at'), at: field, ...zoned }),
  v.strictObject({ kind: v.literal('every-hours'), everyHours: v.picklist(EVERY_HOURS), ...zoned }),
  v.strictObject({ kind: v.literal('cron'), cron: field, ...zoned }),
]);

const draft: v.GenericSchema<unknown, ProfileDraft> = v.strictObject({
  name: field,
  protocol: v.picklist(['entra', 'oidc']),
  authority: field,
  clientId: field,
  redirectUri: field,
  scopes: field,
  extraScopes: field,
  schedule,
  signIn: v.picklist(['window', 'browser']),
});

const asked = {
  profile: v.exactOptional(v.string()),
  draft,
  credential: v.variant('kind', [
    v.strictObject({ kind: v.literal('stored') }),
    v.strictObject({
      kind: v.literal('secret'),
      secret: v.pipe(v.string(), v.maxLength(SECRET_MAX_CHARACTERS)),
    }),
    v.strictObject({ kind: v.literal('held'), handle: field }),
  ]),
};
const draftAsked: v.GenericSchema<unknown, DraftAsked> = v.strictObject(asked);

const nothing = v.undefined();
const ofProfile = v.strictObject({ profile: v.string() });
const onOrOff = v.picklist(['on', 'off']);

/** The calls of the Settings page. */
export type SettingsCallName = Extract<
  CallName,
  | `settings.${string}`
  | `draft.${string}`
  | `credential.${string}`
  | `schedule.${string}`
  | `text.${string}`
  | `token-file.${string}`
  | 'profile.set-default'
  | 'profile.remove'
>;

/** The schema of the argument of each call of the Settings page. */
export const SETTINGS_CALL_SCHEMAS: {
  readonly [Name in SettingsCallName]: v.GenericSchema<unknown, Calls[Name]['asked']>;
} = {
  'settings.read': nothing,
  // The settings' own schema checks the values.
  'settings.change': v.strictObject({
    clipboardClearSeconds: v.exactOptional(v.number()),
    loopback: v.exactOptional(v.boolean()),
    shellCache: v.exactOptional(v.boolean()),
    network: v.exactOptional(v.picklist(['system', 'node'])),
    logLevel: v.exactOptional(v.picklist(['warn', 'info', 'debug'])),
    startAtLogin: v.exactOptional(onOrOff),
  }),
  'settings.export': nothing,
  'settings.import': nothing,
  'draft.check': draftAsked,
  'draft.save': draftAsked,
  'draft.test': v.strictObject({ ...asked, run: v.number() }),
  'draft.read': v.strictObject({ text: v.pipe(v.string(), v.maxLength(TEXT_MAX_CHARACTERS)) }),
  'draft.read-file': nothing,
  'credential.choose': v.strictObject({
    kind: v.picklist(['certificate', 'assertion-file']),
    replaces: v.exactOptional(field),
  }),
  'schedule.preview': schedule,
  'text.copy': v.strictObject({ text: oneLine }),
  'profile.set-default': ofProfile,
  'profile.remove': ofProfile,
  'token-file.add': v.strictObject({ profile: v.string(), format: v.picklist(['bare', 'json', 'env']) }),
  'token-file.remove': v.strictObject({ path: field }),
};
