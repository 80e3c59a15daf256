import { say } from '../../words/say.ts';
import { sayTime } from '../../words/time.ts';
import { asRecord, tellProblemBody, textField } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';

/** A status in words. `problems`: JSON as the host sent it, with `message` and `next`. */
interface StatusWords {
  readonly lines: readonly string[];
  readonly problems: readonly unknown[];
}

/** Says the status on standard output, and its problems on standard error. */
export function tell({ lines, problems }: StatusWords, terminal: Terminal): void {
  for (const line of lines) terminal.out(line);
  for (const problem of problems) tellProblemBody(terminal, problem);
}

/** Puts `GET /v1/status` into words. Pure. @param now milliseconds since the epoch */
export function statusWords(body: Readonly<Record<string, unknown>>, now: number): StatusWords {
  const session = asRecord(body.session);
  const activity = asRecord(body.activity);
  const lines = [
    sayPerson(session),
    sayExpiry(timeIn(session, 'expiresOn'), now),
    sayActivity(activity, now),
    // As in the tray's menu: while the user is signed out, nothing is refreshed.
    textField(session, 'kind') === 'signed-out'
      ? undefined
      : sayTimeOf('schedule.next', timeIn(body, 'nextScheduledAt'), now),
  ];
  return {
    lines: lines.filter((line) => line !== undefined),
    problems: [
      session.reason,
      asRecord(body.health).reason,
      asRecord(body.storage).reason,
      ...listIn(body, 'tokenFileTroubles'),
    ].filter((reason) => reason !== undefined),
  };
}

/** Puts the parts of `GET /v1/outlets` into words: what serves tokens besides the socket. Pure. */
export function outletsWords(loopback: unknown, shellCache: unknown): StatusWords {
  const { kind, port, reason } = asRecord(loopback);
  const directory = textField(shellCache, 'directory');
  return {
    lines: [
      ...(kind === 'on' ? [say('outlets.loopback', { port: String(port) })] : []),
      ...(directory === undefined ? [] : [say('outlets.shell-cache', { directory })]),
    ],
    problems: kind === 'trouble' ? [reason] : [],
  };
}

function sayPerson(session: Readonly<Record<string, unknown>>): string {
  const name = textField(session.account, 'name') ?? '';
  const kind = textField(session, 'kind');
  if (kind === 'signed-in') return say('session.signed-in', { name });
  return kind === 'sign-in-needed' ? say('session.sign-in-needed', { name }) : say('session.signed-out');
}

function sayExpiry(expiresOn: number | undefined, now: number): string | undefined {
  if (expiresOn === undefined) return undefined;
  const time = sayTime(expiresOn, now);
  return expiresOn > now ? say('token.good-until', { time }) : say('token.expired', { time });
}

function sayActivity(activity: Readonly<Record<string, unknown>>, now: number): string | undefined {
  const kind = textField(activity, 'kind');
  if (kind === 'signing-in') return say('activity.signing-in');
  if (kind === 'refreshing') return say('activity.refreshing');
  return sayTimeOf('activity.waiting', timeIn(activity, 'nextTryAt'), now);
}

function sayTimeOf(
  code: 'schedule.next' | 'activity.waiting',
  at: number | undefined,
  now: number,
): string | undefined {
  return at === undefined ? undefined : say(code, { time: sayTime(at, now) });
}

/** A list of a JSON object from outside; empty if there is none. */
export function listIn(body: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const list = body[name];
  return Array.isArray(list) ? list : [];
}

/** An RFC 3339 time of a JSON object, in milliseconds since the epoch. */
export function timeIn(body: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const at = Date.parse(textField(body, name) ?? '');
  return Number.isNaN(at) ? undefined : at;
}
