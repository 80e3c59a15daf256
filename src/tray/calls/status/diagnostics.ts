import { rfc3339, type ProblemBody } from '../../../outlets/answer/answer.ts';
import type { CheckUpLine, OutletsTold } from '../../../outlets/answer/host.ts';
import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import { redact } from '../../../system/log/redact.ts';
import type { Versions } from '../../../pages/bridge/contract.ts';

/** What is known of this program and its machine when somebody asks for help. */
export interface DiagnosticFacts {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly versions: Versions;
  /** System, processor, and the system's own version. */
  readonly platform: readonly string[];
  /** Where secrets are kept. */
  readonly storage: string;
  /** The settings, or in words why there are none. */
  readonly settings: unknown;
  readonly outlets: OutletsTold;
  readonly statuses: readonly StatusBody[];
  /** By the profile's id; undefined where it took too long. */
  readonly checkUps: ReadonlyMap<string, readonly CheckUpLine[] | undefined>;
  /** Oldest first. */
  readonly logLines: readonly string[];
  /** Its path names a person. */
  readonly homeDirectory: string;
}

/** A shorter name would be found inside ordinary words. */
const NAME_MIN_CHARACTERS = 4;

/**
 * A report to be pasted into an issue that everybody reads: no token and no secret (all of it goes through
 * {@link redact}, the log's lines for the second time), and nobody's name. Client and tenant ids stay: they are
 * no secret, and what is wrong with a registration cannot be found without them.
 */
export function diagnosticsText(facts: DiagnosticFacts): string {
  const { at, versions, platform, storage, settings, outlets, statuses, checkUps, logLines } = facts;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['versions', [...Object.entries(versions).map(([name, version]) => `${name} ${version}`)]],
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

function inJson(value: unknown): string {
  return JSON.stringify(
    value,
    (key, inner: unknown) => (key === 'hooks' ? hooksTold(inner) : told(inner)),
    2,
  );
}

/** A problem in one line: in JSON its `code` would be taken for an authorization code, and be masked. */
function told(value: unknown): unknown {
  return isProblem(value) ? problemText(value) : value;
}

function isProblem(value: unknown): value is ProblemBody {
  return (
    typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'next' in value
  );
}

function problemText({ kind, code, message }: ProblemBody): string {
  return `${kind} ${code}: ${message}`;
}

/** Commands of a person's own, with whatever they are given on their way. */
function hooksTold(hooks: unknown): unknown {
  if (typeof hooks !== 'object' || hooks === null) return undefined;
  return Object.entries(hooks).flatMap(([event, command]) => (command === undefined ? [] : [event]));
}

function checkUpText({ name, kind, detail, problem, ms }: CheckUpLine): string {
  return `${kind} ${name} (${ms} ms) ${problem === undefined ? (detail ?? '') : problemText(problem)}`;
}

/** Who is signed in by a first letter and the domain, wherever it is said; the home directory as `~`. */
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
  // The longest first: one may be part of another. In JSON a backslash of a path is written twice.
  return [...masks]
    .toSorted(([left], [right]) => right.length - left.length)
    .reduce(
      (rest, [person, mask]) =>
        rest.replaceAll(person, mask).replaceAll(JSON.stringify(person).slice(1, -1), mask),
      text,
    );
}
