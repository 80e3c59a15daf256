import { catalogue, type WordCode } from '../../words/catalogue.ts';
import { say, type WordParams } from '../../words/say.ts';

/** The rules that a setting can break; each is a sentence of the catalogue that says what is expected. */
export type SettingsRule = Extract<WordCode, `settings.rule.${string}`>;

/** The rules whose sentence has no placeholders: those that a schema can name. */
export type PlainRule = {
  [Rule in SettingsRule]: keyof WordParams<Rule> extends never ? Rule : never;
}[SettingsRule];

/** One error in the settings file or an imported `.env`. Safe to show: it never contains a secret. */
export interface SettingsIssue {
  readonly rule: SettingsRule;
  /** Where: a path in the settings file (`profiles.0.clientId`), or the name in the `.env` (`EMAIL_CLIENT_ID`). */
  readonly field: string;
  /** The value found there, by {@link showFound}; undefined if there is none. */
  readonly found: string | undefined;
  /** What is expected, as a sentence. */
  readonly wanted: string;
}

/** The result of a check that failed, with everything that is wrong. */
export interface Refused {
  readonly kind: 'refused';
  readonly issues: readonly SettingsIssue[];
}

/** Long enough for any URL that people write, short enough for one line of a dialog. */
const FOUND_MAX_CHARACTERS = 80;

/** A shorter secret would be found in ordinary words, and masking it would make messages unreadable. */
const SECRET_MIN_CHARACTERS = 4;

/**
 * Entra's client secrets, wherever they were entered by mistake: three characters, a digit, `Q~` and about 34 more (the
 * pattern of GitHub's secret scanning).
 */
const ENTRA_SECRET = /[\w~.-]{3}\dQ~[\w~.-]{20,}/gu;

/** C0 and C1 control characters, and marks that change the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escapeUnprintable(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/** Whether a text contains one of these secrets or a client secret of Entra's; it must then be neither shown nor used. */
export function holdsSecret(text: string, secrets: readonly string[]): boolean {
  return (
    secrets.some((secret) => secret.length >= SECRET_MIN_CHARACTERS && text.includes(secret)) ||
    text.search(ENTRA_SECRET) >= 0
  );
}

/** The whole text, with control characters and direction marks made visible: `\u202e`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeUnprintable);
}

/**
 * The found value, fit to be shown: secrets are replaced by `[secret]` (before the text is cut off, so that no part of
 * one remains), control characters are escaped, and at most 80 characters are kept. Lists and objects are only named as
 * such, because they may contain anything.
 */
export function showFound(value: unknown, secrets: readonly string[] = []): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (Array.isArray(value)) return say('settings.found.list');
  if (typeof value === 'object' && value !== null) return say('settings.found.object');
  const longestFirst = secrets
    .filter((secret) => secret.length >= SECRET_MIN_CHARACTERS)
    .toSorted((left, right) => right.length - left.length);
  const masked = longestFirst
    .reduce(
      (text, secret) => text.replaceAll(secret, '[secret]'),
      typeof value === 'string' ? value : JSON.stringify(value),
    )
    .replace(ENTRA_SECRET, '[secret]')
    .replace(UNPRINTABLE, escapeUnprintable);
  return masked.length > FOUND_MAX_CHARACTERS ? `${masked.slice(0, FOUND_MAX_CHARACTERS - 1)}…` : masked;
}

/** Makes an issue; the compiler requires the placeholders of the rule's sentence. */
export function settingsIssue<Rule extends SettingsRule>(
  field: string,
  found: string | undefined,
  ...rule: Parameters<typeof say<Rule>>
): SettingsIssue {
  return { rule: rule[0], field, found, wanted: say(...rule) };
}

/** Refuses one field. */
export function refuse<Rule extends SettingsRule>(...issue: Parameters<typeof settingsIssue<Rule>>): Refused {
  return { kind: 'refused', issues: [settingsIssue(...issue)] };
}

/** Whether a text is the code of a rule, which schemas use as messages. */
export function isPlainRule(text: string): text is PlainRule {
  return (
    Object.hasOwn(catalogue, text) &&
    text.startsWith('settings.rule.') &&
    !catalogue[text as WordCode].includes('{')
  );
}

/** An issue as one line. */
export function sayIssue(issue: SettingsIssue): string {
  const { field, wanted, found } = issue;
  return found === undefined
    ? say('settings.issue.nothing-found', { field, wanted })
    : say('settings.issue', { field, wanted, found });
}

/** Settings that must not be stored, with everything that is wrong. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly issues: readonly SettingsIssue[];

  constructor(issues: readonly SettingsIssue[]) {
    super(issues.map(sayIssue).join('\n'));
    this.issues = issues;
  }
}
