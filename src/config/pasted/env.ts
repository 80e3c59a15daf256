import { say } from '../../words/say.ts';
import { findPrefix, readNames, type OldName } from '../env/names.ts';
import {
  authorityOf,
  checkPort,
  namesAnotherHost,
  scopesOf,
  type Derived,
  type EnvContext,
} from '../env/registration.ts';
import { secretsIn } from '../env/secrets.ts';
import { parseDotEnv, type EnvAssignment } from '../env/text.ts';
import { refuse } from '../rules/issue.ts';
import { refuseSeveral, tooLongIssue, VALUE_MAX_CHARACTERS, withoutGaps, type Pasted } from './pasted.ts';

/** A line that could have one of the old names; a text without such a line is not read as a `.env`. */
const MENTIONS_NAME =
  /^[ \t]*(?:export[ \t]+)?[\w.-]{0,100}(?:CLIENT_ID|CLIENT_SECRET|TENANT_ID|AUTHORITY|REDIRECT_URI)[ \t]*[=:]/mu;

/** Everything that dotenv may treat as the end of a line. */
const LINE_END = /\r\n?|[\n\u2028\u2029]/u;

/** Far more than any `.env`. Reading a megabyte of short lines would take seconds. */
const MAX_LINES = 5000;

/** The names that are meaningful on their own. */
const TELLING: readonly OldName[] = ['CLIENT_ID', 'CLIENT_SECRET', 'TENANT_ID', 'AUTHORITY', 'REDIRECT_URI'];

/**
 * Reads a text as a `.env` file by the rules of `importDotEnv`, but without requiring any name; undefined if it is not a
 * `.env` file.
 */
export function readPastedEnv(text: string): Pasted | undefined {
  if (!MENTIONS_NAME.test(text)) return undefined;
  if (text.split(LINE_END, MAX_LINES + 1).length > MAX_LINES)
    return refuse(say('settings.pasted.text'), undefined, 'settings.rule.pasted.too-many', {
      most: MAX_LINES,
    });
  const file = parseDotEnv(text);
  if (file.kind === 'refused') return file;
  if (!file.assignments.some(isTelling)) return undefined;
  const found = findPrefix(file.assignments, undefined);
  if (found.kind === 'several')
    return refuseSeveral(found.prefixes.map((prefix) => `${prefix}CLIENT_ID`).join(', '));
  // A value that no registration has is left out.
  const isTooLong = ({ value }: EnvAssignment): boolean => value.length > VALUE_MAX_CHARACTERS;
  const tooLong = file.assignments.filter(isTooLong);
  const assignments = file.assignments.filter((one) => !isTooLong(one));
  const secrets = secretsIn(assignments);
  const names = readNames(assignments, found.prefix, secrets);
  const issues = [...tooLong.filter(isOfRegistration).map(({ name }) => tooLongIssue(name)), ...names.issues];
  const context: EnvContext = { ...names, issues, prefix: found.prefix, secrets, protocol: 'entra' };
  return pastedOfNames(context, secretsIn(assignments.filter(isOfClient)));
}

function isTelling({ name }: EnvAssignment): boolean {
  return TELLING.some((one) => name.endsWith(one));
}

function isOfRegistration(assignment: EnvAssignment): boolean {
  return isTelling(assignment) || assignment.name.endsWith('SCOPE');
}

/** Values of other programs' keys are not shown either, but may be part of a field's value: `KEY_VAULT=https://…`. */
function isOfClient({ name }: EnvAssignment): boolean {
  return name.endsWith('CLIENT_SECRET') || name.endsWith('CLIENT_ID');
}

function pastedOfNames(context: EnvContext, hidden: readonly string[]): Pasted {
  const { entries, broken, issues } = context;
  const isThere = (...names: readonly OldName[]): boolean =>
    names.some((name) => entries[name] !== undefined && !broken.has(name));
  // Called only for names that exist, because missing ones would be reported.
  const authority = isThere('AUTHORITY', 'TENANT_ID') ? authorityOf(context) : undefined;
  const scopes = isThere('SCOPE') ? scopesOf(context) : undefined;
  const derived: readonly (Derived<unknown> | undefined)[] = [authority, scopes];
  return {
    kind: 'read',
    fields: withoutGaps({
      authority: authority === undefined || authority.issues.length > 0 ? undefined : authority.value,
      clientId: entries.CLIENT_ID?.value,
      redirectUri: entries.REDIRECT_URI?.value,
      scopes: scopes?.value?.join(' '),
    }),
    secret: entries.CLIENT_SECRET?.value,
    issues: [
      ...issues,
      ...derived.flatMap((part) => part?.issues ?? []),
      ...checkPort(context, redirectOf(entries.REDIRECT_URI?.value)),
    ],
    said: [
      ...(context.hasDuplicates ? [say('settings.warning.duplicate')] : []),
      ...(namesAnotherHost(context) ? [say('settings.warning.host')] : []),
    ],
    hidden,
  };
}

/** A redirect URI whose port can be read; the form checks the rest. */
function redirectOf(redirectUri: string | undefined): string | undefined {
  return redirectUri !== undefined && URL.canParse(redirectUri) ? redirectUri : undefined;
}
