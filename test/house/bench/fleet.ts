/**
 * What a fleet of machines on one schedule does to its authority: requests a second around 07:00, with and
 * without the policy's spread, and after an outage of five minutes at that very moment. Machines are simulated by
 * a clock of their own, but each instant is the product's: {@link Timetable} and {@link spreadInstant} give the scheduled one,
 * {@link dueRefresh} and {@link nextRefreshAt} decide, {@link Backoff} says when to try again.
 */
import { Backoff } from '../../../src/agent/session/backoff.ts';
import { problem } from '../../../src/words/problem.ts';
import { initialStatus, type Status } from '../../../src/agent/status/status.ts';
import {
  dueRefresh,
  nextRefreshAt,
  spreadInstant,
  Timetable,
  type DueFacts,
} from '../../../src/agent/refresh/timetable.ts';
import { Secret } from '../../../src/system/secret.ts';
import { print } from './fixtures/measures.ts';

const MACHINES = 100_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const SPREAD_MINUTES = 30;
const OUTAGE_MS = 5 * MINUTE_MS;
/** What is looked at, from the instant of the schedule on; nothing has begun together, so there is a time before it. */
const WINDOW_MS = HOUR_MS;
const BEFORE_MS = 2 * HOUR_MS;

/** Entra's access tokens live for 60 to 90 minutes, by chance (learn.microsoft.com/entra/identity-platform/access-tokens). */
const SHORTEST_LIFE_MS = 60 * MINUTE_MS;
const LONGEST_LIFE_MS = 90 * MINUTE_MS;

const schedule = { at: '07:00', timeZone: 'Asia/Seoul' };
const account = { homeAccountId: 'a.b', tenantId: 'b', username: 'ada@example.test', name: 'Ada' };
const down = problem('transient', 'authority-down', { detail: 'HTTP 503' });
const value = new Secret('token');
const status: Status = { ...initialStatus, session: { kind: 'signed-in', account, expiresOn: 0 } };

/** The next instant of the schedule: the same for all machines. */
async function nextInstant(): Promise<number> {
  const timetable = new Timetable({ schedule, spreadMs: 0, now: Date.now, look: () => undefined });
  await timetable.start();
  const { nextAt } = timetable;
  timetable.stop();
  return nextAt ?? NaN;
}

/** As each machine's own timetable draws it. */
function instants(at: number, spreadMs: number): readonly number[] {
  return Array.from({ length: MACHINES }, () => spreadInstant(at, spreadMs, Math.random()));
}

const lifeMs = (): number => SHORTEST_LIFE_MS + Math.random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS);

/** When one machine asks the authority, from long before until the window's end. */
function requestsOf(
  scheduled: number,
  { from, until, isDown }: { from: number; until: number; isDown: (at: number) => boolean },
): readonly number[] {
  const asked: number[] = [];
  const backoff = new Backoff();
  const tokenFrom = (obtainedAt: number): DueFacts['token'] => ({
    value,
    tokenType: 'Bearer',
    scopes: ['User.Read'],
    obtainedAt,
    expiresOn: obtainedAt + lifeMs(),
  });
  let facts: DueFacts = {
    now: from,
    status,
    token: tokenFrom(from - Math.random() * SHORTEST_LIFE_MS),
    scheduledAt: scheduled,
    nextTryAt: undefined,
  };
  for (;;) {
    const now = nextRefreshAt(facts) ?? Infinity;
    if (now >= until) return asked;
    facts = { ...facts, now };
    if (dueRefresh(facts) === undefined) throw new Error('nothing is due when the next refresh is');
    asked.push(now);
    // As Agent.due does: the instant counts as handled before the refresh, whose retries do the rest.
    const isHandled = facts.scheduledAt !== undefined && now >= facts.scheduledAt;
    const scheduledAt = isHandled ? scheduled + DAY_MS : facts.scheduledAt;
    if (isDown(now)) {
      facts = { ...facts, scheduledAt, nextTryAt: backoff.failed(down, now) };
    } else {
      backoff.succeeded();
      facts = { ...facts, scheduledAt, token: tokenFrom(now), nextTryAt: undefined };
    }
  }
}

interface Load {
  /** Of one second, and a second's share of ten. */
  readonly peak: number;
  readonly peakOfTen: number;
  /** Seconds after the instant of the schedule at which the busiest second began. */
  readonly peakAt: number;
  /** A second, over the window. */
  readonly mean: number;
}

/** How many requests came in each second from `at` on. */
function secondsOf(scheduled: readonly number[], at: number, downMs: number): readonly number[] {
  const seconds = new Array<number>(WINDOW_MS / 1000).fill(0);
  const run = {
    from: at - BEFORE_MS,
    until: at + WINDOW_MS,
    isDown: (now: number): boolean => now >= at && now < at + downMs,
  };
  for (const one of scheduled) {
    for (const asked of requestsOf(one, run)) {
      const second = Math.floor((asked - at) / 1000);
      if (asked >= at) seconds[second] = (seconds[second] ?? 0) + 1;
    }
  }
  return seconds;
}

/** @param from the second that counting begins with */
function loadOf(all: readonly number[], from: number): Load {
  const seconds = all.slice(from);
  const tens = seconds.map((_one, index) =>
    seconds.slice(index, index + 10).reduce((sum, count) => sum + count, 0),
  );
  const peak = Math.max(...seconds);
  return {
    peak,
    peakOfTen: Math.max(...tens) / 10,
    peakAt: from + seconds.indexOf(peak),
    mean: seconds.reduce((sum, count) => sum + count, 0) / seconds.length,
  };
}

function tell(name: string, { peak, peakOfTen, peakAt, mean }: Load): void {
  const clock = `07:${String(Math.floor(peakAt / 60)).padStart(2, '0')}:${String(peakAt % 60).padStart(2, '0')}`;
  const row = [peak.toFixed(0), peakOfTen.toFixed(0), mean.toFixed(0), clock];
  print(`${name.padEnd(46)} ${row.map((cell) => cell.padStart(14)).join('')}`);
}

print(`${MACHINES.toLocaleString('en')} machines at 07:00, requests a second at the authority`);
const columns = ['busiest 1 s', 'busiest 10 s', 'mean of 1 h', 'busiest at'];
print(`${''.padEnd(46)} ${columns.map((name) => name.padStart(14)).join('')}`);
const at = await nextInstant();
for (const [name, spreadMs] of [
  ['no spread', 0],
  [`spread over ${SPREAD_MINUTES} minutes`, SPREAD_MINUTES * MINUTE_MS],
] as const) {
  const scheduled = instants(at, spreadMs);
  tell(name, loadOf(secondsOf(scheduled, at, 0), 0));
  const away = secondsOf(scheduled, at, OUTAGE_MS);
  tell('  the authority away from 07:00 to 07:05', loadOf(away, 0));
  tell('  the same, from 07:05 on', loadOf(away, OUTAGE_MS / 1000));
}
