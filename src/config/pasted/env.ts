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
import { settingsIssue, showFound } from '../rules/issue.ts';
import { tooLongIssue, VALUE_MAX_CHARACTERS, withoutGaps, type Pasted } from './pasted.ts';

/** A line that could be one of the old names; what has none of them need not be read as a `.env` at all. */
const MENTIONS_NAME =
  /^[ \t]*(?:export[ \t]+)?[\w.-]{0,100}(?:CLIENT_ID|CLIENT_SECRET|TENANT_ID|AUTHORITY|REDIRECT_URI)[ \t]*[=:]/mu;

/** Whatever `dotenv` may take for one. */
const LINE_END = /\r\n?|[\n\u2028\u2029]/u;

/** Far above any `.env`: a megabyte of short lines would take seconds to be read, and is something else. */
const MAX_LINES = 5000;

/** The names that say something of a registration by themselves. */
const TELLING: readonly OldName[] = ['CLIENT_ID', 'CLIENT_SECRET', 'TENANT_ID', 'AUTHORITY', 'REDIRECT_URI'];

/**
 * Reads a text as a `.env` file, by the rules of `importDotEnv` but for what is missing; undefined for a text that
 * is none.
 */
export function readPastedEnv(text: string): Pasted | undefined {
  if (!MENTIONS_NAME.test(text)) return undefined;
  if (text.split(LINE_END, MAX_LINES + 1).length > MAX_LINES)
    return {
      kind: 'refused',
      issues: [
        settingsIssue(say('settings.pasted.text'), undefined, 'settings.rule.pasted.too-many', {
          most: MAX_LINES,
        }),
      ],
    };
  const file = parseDotEnv(text);
  if (file.kind === 'refused') return { kind: 'refused', issues: [file.issue] };
  if (!file.assignments.some(isTelling)) return undefined;
  const found = findPrefix(file.assignments, undefined);
  if (found.kind === 'several') {
    const names = showFound(found.prefixes.map((prefix) => `${prefix}CLIENT_ID`).join(', ')) ?? '';
    return {
      kind: 'refused',
      issues: [
        settingsIssue(say('settings.pasted.text'), undefined, 'settings.rule.pasted.several', { names }),
      ],
    };
  }
  const [tooLong, assignments] = partition(file.assignments);
  const secrets = secretsIn(assignments);
  const names = readNames(assignments, found.prefix, secrets);
  const issues = [...tooLong.filter(isOfRegistration).map(({ name }) => tooLongIssue(name)), ...names.issues];
  const context: EnvContext = { ...names, issues, prefix: found.prefix, secrets, protocol: 'entra' };
  return pastedOfNames(context, secretsIn(assignments.filter(isOfClient)));
}

/** Those that no registration has, and all others. */
function partition(
  assignments: readonly EnvAssignment[],
): readonly [tooLong: readonly EnvAssignment[], others: readonly EnvAssignment[]] {
  const isShort = ({ value }: EnvAssignment): boolean => value.length <= VALUE_MAX_CHARACTERS;
  return [assignments.filter((one) => !isShort(one)), assignments.filter(isShort)];
}

function isTelling({ name }: EnvAssignment): boolean {
  return TELLING.some((one) => name.endsWith(one));
}

function isOfRegistration(assignment: EnvAssignment): boolean {
  return isTelling(assignment) || assignment.name.endsWith('SCOPE');
}

/** Other programs' keys are not shown either, but they may be a part of anything: `KEY_VAULT=https://…`. */
function isOfClient({ name }: EnvAssignment): boolean {
  return name.endsWith('CLIENT_SECRET') || name.endsWith('CLIENT_ID');
}

function pastedOfNames(context: EnvContext, hidden: readonly string[]): Pasted {
  const { entries, broken, issues } = context;
  const isThere = (...names: readonly OldName[]): boolean =>
    names.some((name) => entries[name] !== undefined && !broken.has(name));
  // Nothing that is missing is asked for: those who derive a value would complain of it.
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

/** As far as its port can be read; the rest of it is the form's to judge. */
function redirectOf(redirectUri: string | undefined): string | undefined {
  return redirectUri !== undefined && URL.canParse(redirectUri) ? redirectUri : undefined;
}
