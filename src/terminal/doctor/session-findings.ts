import { problem } from '../../words/problem.ts';
import type { ProblemBody } from '../../outlets/answer/answer.ts';
import { say } from '../../words/say.ts';
import { sayTime } from '../../words/time.ts';
import type { Outcome } from './findings.ts';
import { asRecord, textField } from '../output/report.ts';
import { listIn, statusWords, timeIn } from '../status/words.ts';

type StatusJson = Readonly<Record<string, unknown>>;

/** Whether a user is signed in, from the status of the running host. @param now milliseconds since the epoch */
export function sessionOutcome(body: StatusJson, now: number): Outcome {
  const session = asRecord(body.session);
  const reason = problemIn(session.reason);
  if (reason !== undefined) return { kind: 'trouble', problem: reason };
  if (textField(session, 'kind') !== 'signed-in') {
    return { kind: 'trouble', problem: problem('interaction', 'signed-out') };
  }
  const [person = '', ...more] = statusWords({ session }, now).lines;
  return { kind: 'ok', detail: [person, ...more].join(' · ') };
}

/** Whether the running host knows of a problem in the configuration, a schedule that never occurs for example. */
export function healthOutcome(body: StatusJson): Outcome {
  const health = asRecord(body.health);
  const reason = textField(health, 'kind') === 'configuration' ? problemIn(health.reason) : undefined;
  return reason === undefined
    ? { kind: 'ok', detail: say('doctor.health.ok') }
    : { kind: 'trouble', problem: reason };
}

/** How the last refresh ended, and when the next one is due. @param now milliseconds since the epoch */
export function refreshOutcome(body: StatusJson, now: number): Outcome {
  const last = asRecord(body.lastRefresh);
  const reason = problemIn(last.reason);
  if (reason !== undefined) return { kind: 'trouble', problem: reason };
  const at = (code: 'doctor.refresh.last' | 'doctor.refresh.next', time: number | undefined): string[] =>
    time === undefined ? [] : [say(code, { time: sayTime(time, now) })];
  const lastAt = timeIn(last, 'at');
  const parts = [
    ...(lastAt === undefined ? [say('doctor.refresh.none')] : at('doctor.refresh.last', lastAt)),
    ...at('doctor.refresh.next', timeIn(body, 'nextRefreshAt')),
  ];
  return { kind: 'ok', detail: parts.join(' · ') };
}

/** The problems of the token files. */
export function tokenFileTroubles(body: StatusJson): readonly Outcome[] {
  return listIn(body, 'tokenFileTroubles')
    .map(problemIn)
    .filter((found) => found !== undefined)
    .map((found) => ({ kind: 'trouble', problem: found }));
}

/** A problem that came as JSON; undefined if it is not one. */
export function problemIn(value: unknown): ProblemBody | undefined {
  const isProblem = textField(value, 'message') !== undefined && textField(value, 'next') !== undefined;
  return isProblem ? (value as ProblemBody) : undefined;
}
