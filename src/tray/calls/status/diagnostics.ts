import { rfc3339, type ProblemBody } from '../../../outlets/answer/answer.ts';
import type { CheckUpLine, OutletsTold } from '../../../outlets/answer/host.ts';
import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import { redact } from '../../../system/log/redact.ts';
import { say } from '../../../words/say.ts';
import type { Versions } from '../../../pages/bridge/contract.ts';

/** What is known about this program and its machine when a user asks for help. */
export interface DiagnosticFacts {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly versions: Versions;
  /** Operating system, processor architecture, and the system's version. */
  readonly platform: readonly string[];
  /** The vault's backend. */
  readonly storage: string;
  /** The settings, or why they could not be read. */
  readonly settings: unknown;
  readonly outlets: OutletsTold;
  readonly statuses: readonly StatusBody[];
  /** By profile id; undefined if the check took too long. */
  readonly checkUps: ReadonlyMap<string, readonly CheckUpLine[] | undefined>;
  /** Oldest first. */
  readonly logLines: readonly string[];
  /** Masked: its path usually holds the user's name. */
  readonly homeDirectory: string;
}

/** A shorter name could match inside ordinary words. */
const NAME_MIN_CHARACTERS = 4;

/**
 * A report to paste into a public issue. It holds no token or secret (all of it passes {@link redact}, the log's
 * lines for the second time) and no user's name. Client and tenant IDs stay: they are not secret, and a problem
 * with a registration cannot be found without them.
 */
export function diagnosticsText(facts: DiagnosticFacts): string {
  const { at, versions, platform, storage, settings, outlets, statuses, checkUps, logLines } = facts;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['versions', Object.entries(versions).map(([name, version]) => `${name} ${version}`)],
    ['platform', [platform.join(' ')]],
    ['storage', [storage]],
    ['settings', [inJson(settings)]],
    ['outlets', [inJson(outlets)]],
    ...statuses.map((status) => [`status of ${status.profile.id}`, [inJson(status)]] as const),
    ...[...checkUps].map(
      ([id, lines]) => [`check-up of ${id}`, lines?.map(checkUpText) ?? ['took too long']] as const,
    ),
    [`log, the last ${logLines.length} lines`, logLines],
  ];
  const body = sections.map(([title, lines]) => `## ${title}\n\n${lines.join('\n')}\n`).join('\n');
  return redact(withoutPeople(`# Tokentray diagnostics, ${rfc3339(at)}\n\n${body}`, facts));
}

/** A problem becomes one line of text: in JSON, redaction would mask its `code` as an authorization code. */
function inJson(value: unknown): string {
  const told = (key: string, inner: unknown): unknown => {
    if (key === 'hooks') return hookEvents(inner);
    return isProblem(inner) ? problemText(inner) : inner;
  };
  return JSON.stringify(value, told, 2);
}

function isProblem(value: unknown): value is ProblemBody {
  return (
    typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'next' in value
  );
}

function problemText({ kind, code, message, reference }: ProblemBody): string {
  const found = reference === undefined ? '' : ` ${say('administrator.reference', { ...reference })}`;
  return `${kind} ${code}: ${message}${found}`;
}

/** Only which hooks are set: a command may hold secrets in its arguments. */
function hookEvents(hooks: unknown): unknown {
  if (typeof hooks !== 'object' || hooks === null) return undefined;
  return Object.entries(hooks).flatMap(([event, command]) => (command === undefined ? [] : [event]));
}

function checkUpText({ name, kind, detail, problem, ms }: CheckUpLine): string {
  return `${kind} ${name} (${ms} ms) ${problem === undefined ? (detail ?? '') : problemText(problem)}`;
}

/** Masks the signed-in users (first letter and domain stay) and the home directory (`~`). */
function withoutPeople(text: string, { statuses, homeDirectory }: DiagnosticFacts): string {
  const masks = new Map<string, string>();
  for (const { session } of statuses) {
    if (session.account === undefined) continue;
    const { username, name } = session.account;
    const [user = '', ...domain] = username.split('@');
    masks.set(username, [`${user.slice(0, 1)}…`, ...domain].join('@'));
    if (user.length >= NAME_MIN_CHARACTERS && !masks.has(user)) masks.set(user, `${user.slice(0, 1)}…`);
    if (name.length >= NAME_MIN_CHARACTERS) masks.set(name, '[name]');
  }
  if (homeDirectory.length >= NAME_MIN_CHARACTERS) masks.set(homeDirectory, '~');
  // The longest first, as one may contain another. JSON doubles the backslashes of a path.
  return [...masks]
    .toSorted(([left], [right]) => right.length - left.length)
    .reduce(
      (rest, [person, mask]) =>
        rest.replaceAll(person, mask).replaceAll(JSON.stringify(person).slice(1, -1), mask),
      text,
    );
}
