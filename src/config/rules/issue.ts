import { catalogue, type WordCode } from '../../words/catalogue.ts';
import { say, type WordParams } from '../../words/say.ts';

/** The rules a setting can break; each is a sentence of the catalogue that says what is wanted. */
export type SettingsRule = Extract<WordCode, `settings.rule.${string}`>;

/** The rules whose sentence wants nothing filled in: those the schema can name. */
export type PlainRule = {
  [Rule in SettingsRule]: keyof WordParams<Rule> extends never ? Rule : never;
}[SettingsRule];

/** One thing wrong with the settings file or an imported `.env`, fit to be shown: it never holds a secret. */
export interface SettingsIssue {
  readonly rule: SettingsRule;
  /** Where: a path in the settings file (`profiles.0.clientId`), or the name in the `.env` (`EMAIL_CLIENT_ID`). */
  readonly field: string;
  /** What stands there, by {@link showFound}; undefined when nothing does. */
  readonly found: string | undefined;
  /** What is wanted, as a sentence. */
  readonly wanted: string;
}

/** Long enough for any URL people write, short enough for one line of a dialog. */
const FOUND_MAX_CHARACTERS = 80;

/** A shorter secret would be found in ordinary words and make every message unreadable. */
const SECRET_MIN_CHARACTERS = 4;

/**
 * Entra's own client secrets, wherever they were put by mistake: three characters, a digit, `Q~` and
 * some 34 more (the pattern of GitHub's secret scanning).
 */
const ENTRA_SECRET = /[\w~.-]{3}\dQ~[\w~.-]{20,}/gu;

/** C0 and C1 control characters and the marks that turn the direction of text around. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escapeUnprintable(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/**
 * Whether a text has one of these secrets in it, or a client secret of Entra's own: it is not shown then, and
 * nothing is made of it.
 */
export function holdsSecret(text: string, secrets: readonly string[]): boolean {
  return (
    secrets.some((secret) => secret.length >= SECRET_MIN_CHARACTERS && text.includes(secret)) ||
    text.search(ENTRA_SECRET) >= 0
  );
}

/** A text whole, with control characters and the marks that turn text around made visible: `\u202e`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeUnprintable);
}

/**
 * What was found, for people: secrets replaced by `[secret]` (before anything is cut off, so that no
 * part of one stays), control characters escaped, at most 80 characters. A list or an object is only
 * called that: it may hold anything.
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

/** Makes an issue; the compiler asks for whatever the rule's sentence wants filled in. */
export function settingsIssue<Rule extends SettingsRule>(
  field: string,
  found: string | undefined,
  ...rule: Parameters<typeof say<Rule>>
): SettingsIssue {
  return { rule: rule[0], field, found, wanted: say(...rule) };
}

/** Whether a text is the code of a rule: what the schema hands back as a message. */
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

/** Settings that must not be stored, with everything that is wrong about them. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly issues: readonly SettingsIssue[];

  constructor(issues: readonly SettingsIssue[]) {
    super(issues.map(sayIssue).join('\n'));
    this.issues = issues;
  }
}
